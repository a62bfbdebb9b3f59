from django.db import migrations

# Whoever changes a document, a conflict or another import: no mail goes with a PDF that was drawn before.
FORGET_DRAWN = """
CREATE FUNCTION mailings_forget_drawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM mailings_rendereddocument r USING now_rows n JOIN was_rows w USING (invoice_id)
     WHERE r.invoice_id = n.invoice_id AND n.data <> w.data;
    RETURN NULL;
END $$;
CREATE TRIGGER mailings_forget_drawn AFTER UPDATE ON invoices_invoicecontent
    REFERENCING OLD TABLE AS was_rows NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION mailings_forget_drawn();
"""


class Migration(migrations.Migration):
    dependencies = [("mailings", "0003_resume_and_origin"), ("invoices", "0001_initial")]
    operations = [
        migrations.RunSQL(
            FORGET_DRAWN,
            "DROP TRIGGER mailings_forget_drawn ON invoices_invoicecontent; DROP FUNCTION mailings_forget_drawn",
        )
    ]
