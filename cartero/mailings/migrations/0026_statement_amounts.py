from django.db import migrations, models


class Migration(migrations.Migration):
    """What a run of statements comes to is summed once, not at each look."""

    dependencies = [("mailings", "0025_link_revoked")]
    operations = [migrations.AddField("statementrun", "amounts", models.JSONField(null=True))]
