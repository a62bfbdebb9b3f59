from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracking", "0002_webhook")]

    operations = [
        migrations.AddField("receipt", "is_reviewed", models.BooleanField(default=False)),
        migrations.AddIndex(
            "receipt",
            models.Index(
                models.F("company"),
                models.F("account"),
                condition=models.Q(("delivery__isnull", True), ("is_reviewed", False)),
                name="receipt_unreviewed",
            ),
        ),
    ]
