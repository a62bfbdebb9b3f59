from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What came back lately is found among a hundred million events."""

    atomic = False
    dependencies = [("mailings", "0017_batches")]
    operations = [
        AddIndexConcurrently(
            "event",
            models.Index("company", "at", condition=models.Q(kind__in=["bounced", "complained"]), name="event_lost"),
        ),
    ]
