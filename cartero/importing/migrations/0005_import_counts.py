from django.db import migrations, models


class Migration(migrations.Migration):
    """What became of an import's lines is counted once, not at each look."""

    dependencies = [("importing", "0004_kinds_of_documents")]
    operations = [migrations.AddField("import", "counts", models.JSONField(null=True))]
