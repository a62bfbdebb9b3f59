from django.db import migrations, models


class Migration(migrations.Migration):
    """Which worker's turn a statement is, so that several make a run together."""

    dependencies = [("mailings", "0021_answer")]
    operations = [migrations.AddField("statement", "lease_until", models.DateTimeField(null=True))]
