from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Coalesce

UNDELIVERED = models.Q(mail_status__in=("bounced", "failed"))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("invoices", "0009_rely_on_crossings")]
    operations = [
        AddIndexConcurrently(
            "invoice",
            models.Index(
                fields=["company", "period", "mail_status", "mail_reason"],
                include=["party"],
                condition=UNDELIVERED,
                name="invoice_returned",
            ),
        ),
        AddIndexConcurrently("invoice", models.Index("party", condition=UNDELIVERED, name="invoice_returned_of_party")),
        AddIndexConcurrently(
            "invoice",
            models.Index("company", "period", "mail_status", Coalesce("sequence", 0), "id", name="invoice_in_state"),
        ),
        RemoveIndexConcurrently("invoice", "invoice_by_status"),
    ]
