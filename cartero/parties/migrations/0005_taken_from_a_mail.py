from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0004_unsubscribed")]
    operations = [
        migrations.AlterField(
            "address",
            "origin",
            models.CharField(
                choices=[
                    ("document", "Tomado de un documento"),
                    ("typed", "Escrito o importado por la empresa"),
                    ("mail", "Tomado de un correo que salió"),
                ],
                default="typed",
                max_length=10,
            ),
        ),
    ]
