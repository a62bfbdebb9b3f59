from django.db import migrations

CROSSINGS = """
ALTER TABLE parties_address ADD CONSTRAINT address_party_company FOREIGN KEY (company_id, party_id)
    REFERENCES parties_party (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE parties_partygroup ADD CONSTRAINT party_group_party_company FOREIGN KEY (company_id, party_id)
    REFERENCES parties_party (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE parties_partygroup ADD CONSTRAINT party_group_group_company FOREIGN KEY (company_id, group_id)
    REFERENCES parties_group (company_id, id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial")]
    operations = [migrations.RunSQL(CROSSINGS, migrations.RunSQL.noop)]
