from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is in doubt is found in a hundred million deliveries."""

    atomic = False
    dependencies = [("mailings", "0005_doubt")]
    operations = [
        AddIndexConcurrently(
            "delivery",
            models.Index("company", "id", condition=models.Q(status="in_doubt"), name="delivery_in_doubt"),
        ),
    ]
