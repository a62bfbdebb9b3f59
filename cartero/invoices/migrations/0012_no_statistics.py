from django.db import migrations

KEPT = "ALTER TABLE invoices_invoicecontent ALTER data SET STATISTICS {most}"


class Migration(migrations.Migration):
    """What nobody looks for by its content as a whole: ANALYZE would unpack and compare it again and again."""

    dependencies = [("invoices", "0011_by_day")]
    operations = [migrations.RunSQL(KEPT.format(most=0), KEPT.format(most=-1))]
