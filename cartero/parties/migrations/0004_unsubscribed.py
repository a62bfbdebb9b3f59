from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_address_to_mend")]
    operations = [migrations.AddField("address", "unsubscribed_at", models.DateTimeField(null=True))]
