from django.db import migrations, models

from cartero.platform import sql


class Migration(migrations.Migration):
    """A document in a delivery is known by the two: a number of its own would be one index more for each."""

    dependencies = [("mailings", "0005_ensayo_in_order")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(sql.text(__package__, "0006_documents_of_a_delivery"))],
            state_operations=[
                migrations.RemoveConstraint(model_name="deliveryinvoice", name="delivery_invoice_once"),
                migrations.RemoveField(model_name="deliveryinvoice", name="id"),
                migrations.AddField(
                    model_name="deliveryinvoice",
                    name="pk",
                    field=models.CompositePrimaryKey("delivery_id", "invoice_id", primary_key=True, serialize=False),
                ),
            ],
        )
    ]
