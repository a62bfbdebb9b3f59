from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a provider calls by its own name is found in a hundred million deliveries."""

    atomic = False
    dependencies = [("mailings", "0012_attestation")]
    operations = [
        AddIndexConcurrently(
            "delivery",
            models.Index(
                "company",
                "reply",
                condition=models.Q(reply_code__in=(200, 201, 202)),
                name="delivery_at_provider",
            ),
        ),
    ]
