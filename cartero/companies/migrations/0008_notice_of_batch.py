from django.db import migrations, models

KINDS = [
    ("finished", "Resumen al terminar un envío"),
    ("bounced", "Lo que rebotó, una vez al día"),
    ("refused", "Una cuenta de correo dejó de servir"),
    ("batch", "Una tanda espera un visto bueno"),
]


class Migration(migrations.Migration):
    dependencies = [("companies", "0007_pixel")]
    operations = [
        migrations.AlterField("mutednotice", "kind", models.CharField(choices=KINDS, max_length=10)),
        migrations.AlterField("noticesent", "kind", models.CharField(choices=KINDS, max_length=10)),
    ]
