from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transport", "0004_sent_folder")]

    operations = [
        migrations.AddField(
            "mailaccount",
            "return_address",
            models.CharField("devoluciones a", max_length=254, blank=True, default="", db_default=""),
        ),
    ]
