from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

ANSWERED = models.Q(kind__in=("accepted", "retry", "failed", "in_doubt"))


class Migration(migrations.Migration):
    """The log of a sending shows what servers answered, not all that comes back in the months after."""

    atomic = False
    dependencies = [("mailings", "0026_statement_amounts")]
    operations = [
        AddIndexConcurrently(
            "event", models.Index(fields=["mailing_id", "-id"], condition=ANSWERED, name="event_answered")
        ),
        RemoveIndexConcurrently("event", "event_of_mailing"),
    ]
