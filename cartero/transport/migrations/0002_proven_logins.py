from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("transport", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailaccount",
            name="is_proven",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
