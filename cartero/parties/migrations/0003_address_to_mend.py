from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("parties", "0002_crossings")]
    operations = [
        AddIndexConcurrently(
            "address",
            models.Index(
                fields=["company", "state_at", "id"],
                include=["state"],
                condition=models.Q(state__in=("bounced", "invalid", "not_theirs", "doubtful")),
                name="address_to_mend",
            ),
        ),
    ]
