from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The list of all months by date is read in order, not a day at a time."""

    atomic = False
    dependencies = [("invoices", "0010_returned")]
    operations = [
        AddIndexConcurrently("invoice", models.Index("company", "issue_date", "id", name="invoice_by_day")),
        RemoveIndexConcurrently("invoice", "invoice_by_date"),
    ]
