from django.db import migrations

CROSSING = """
ALTER TABLE importing_importline ADD CONSTRAINT import_line_invoice_company FOREIGN KEY (company_id, invoice_id)
    REFERENCES invoices_invoice (company_id, id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("importing", "0002_crossings"), ("invoices", "0002_crossings")]
    operations = [
        migrations.RunSQL(CROSSING, "ALTER TABLE importing_importline DROP CONSTRAINT import_line_invoice_company")
    ]
