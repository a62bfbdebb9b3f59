from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("companies", "0002_append_only")]
    operations = [
        migrations.AddField(
            "company",
            "doubt_rule",
            models.CharField(
                "correos en duda",
                max_length=10,
                choices=[("review", "Marcar para revisar"), ("resend", "Reenviar")],
                default="review",
                db_default="review",
            ),
        ),
    ]
