from django.db import migrations

CROSSINGS = """
ALTER TABLE invoices_invoice ADD CONSTRAINT invoice_party_company FOREIGN KEY (company_id, party_id)
    REFERENCES parties_party (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE invoices_invoicefile ADD CONSTRAINT invoice_file_invoice_company FOREIGN KEY (company_id, invoice_id)
    REFERENCES invoices_invoice (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE invoices_invoiceevent ADD CONSTRAINT invoice_event_invoice_company FOREIGN KEY (company_id, invoice_id)
    REFERENCES invoices_invoice (company_id, id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("invoices", "0001_initial"), ("parties", "0002_crossings")]
    operations = [migrations.RunSQL(CROSSINGS, migrations.RunSQL.noop)]
