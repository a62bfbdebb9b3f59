from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0002_beyond_models"),
        ("invoices", "0002_beyond_models"),
        ("mailings", "0003_keys_by_statement"),
        ("parties", "0002_beyond_models"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_of_party",
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(models.F("party"), models.F("id"), name="delivery_by_party"),
        ),
    ]
