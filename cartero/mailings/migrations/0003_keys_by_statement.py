from django.db import migrations

from cartero.platform import sql


class Migration(migrations.Migration):
    """Whose a delivery is, asked once a statement."""

    dependencies = [
        ("mailings", "0002_beyond_models"),
        ("parties", "0002_beyond_models"),
        ("invoices", "0002_beyond_models"),
    ]
    operations = [migrations.RunSQL(sql.text(__package__, "0003_keys_by_statement"))]
