from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("companies", "0003_doubt_rule")]
    operations = [
        migrations.AddField(
            "company",
            "keeps_mails",
            models.BooleanField("guarda los correos enviados", default=False, db_default=False),
        ),
    ]
