from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("invoices", "0002_crossings")]
    operations = [
        AddIndexConcurrently(
            "invoice",
            models.Index("company", "period", Coalesce("sequence", 0), "id", name="invoice_in_order"),
        ),
        RemoveIndexConcurrently("invoice", "invoice_by_period"),
    ]
