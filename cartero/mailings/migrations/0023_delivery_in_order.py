from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("mailings", "0022_statement_lease")]
    operations = [AddIndexConcurrently("delivery", models.Index("mailing", "id", name="delivery_in_order"))]
