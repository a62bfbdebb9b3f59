from django.db import migrations

from cartero.platform import sql


class Migration(migrations.Migration):
    """Whose a delivery is, asked of those that are named and not of all."""

    dependencies = [("mailings", "0006_documents_of_a_delivery")]
    operations = [migrations.RunSQL(sql.text(__package__, "0007_keys_in_their_range"))]
