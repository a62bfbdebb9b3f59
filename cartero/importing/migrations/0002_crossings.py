from django.db import migrations

CROSSINGS = """
ALTER TABLE importing_importline ADD CONSTRAINT import_line_source_company FOREIGN KEY (company_id, source_id)
    REFERENCES importing_import (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE importing_conflict ADD CONSTRAINT conflict_invoice_company FOREIGN KEY (company_id, invoice_id)
    REFERENCES invoices_invoice (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE importing_conflict ADD CONSTRAINT conflict_source_company FOREIGN KEY (company_id, source_id)
    REFERENCES importing_import (company_id, id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("importing", "0001_initial"), ("invoices", "0002_crossings")]
    operations = [migrations.RunSQL(CROSSINGS, migrations.RunSQL.noop)]
