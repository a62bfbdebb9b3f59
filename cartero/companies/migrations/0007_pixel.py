from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("companies", "0006_recipient_page")]
    operations = [
        migrations.AddField(
            "company",
            "has_pixel",
            models.BooleanField("imagen que avisa la apertura", default=False, db_default=False),
        ),
    ]
