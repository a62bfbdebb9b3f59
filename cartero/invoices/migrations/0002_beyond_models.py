from django.db import migrations

from cartero.platform import sql


class Migration(migrations.Migration):
    """What the database holds and models cannot say."""

    dependencies = [("invoices", "0001_initial")]
    operations = [migrations.RunSQL(sql.text(__package__, "0002_beyond_models"))]
