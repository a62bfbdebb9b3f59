from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mailings", "0004_newest_of_a_party")]

    operations = [
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_to_rehearse",
        ),
        migrations.AddField(
            model_name="mailing",
            name="rehearsed_to",
            field=models.PositiveBigIntegerField(default=0),
        ),
    ]
