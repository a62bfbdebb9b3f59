import django.db.models.deletion
from django.db import migrations, models

# The database, too, refuses what crosses companies.
CROSSING = """
ALTER TABLE tracking_receipt
    ADD CONSTRAINT receipt_account_company FOREIGN KEY (company_id, account_id)
        REFERENCES transport_mailaccount (company_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT receipt_delivery_company FOREIGN KEY (company_id, delivery_id)
        REFERENCES mailings_delivery (company_id, id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """What came back, so that nothing is dealt with twice."""

    initial = True

    dependencies = [
        ("companies", "0004_keeps_mails"),
        ("mailings", "0014_unsubscribed"),
        ("transport", "0005_return_address"),
    ]

    operations = [
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=12)),
                ("address", models.CharField(blank=True, max_length=254)),
                ("is_hard", models.BooleanField(default=False)),
                ("words", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="transport.mailaccount",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mailings.delivery"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("company"),
                        models.F("address"),
                        models.F("at"),
                        condition=models.Q(("is_hard", False), ("kind", "bounced")),
                        name="receipt_soft",
                    ),
                    models.Index(
                        models.F("account"),
                        models.F("at"),
                        condition=models.Q(("delivery__isnull", True)),
                        name="receipt_strange",
                    ),
                    models.Index(models.F("at"), name="receipt_by_age"),
                ],
                "constraints": [models.UniqueConstraint(fields=("account", "key"), name="receipt_once")],
            },
        ),
        migrations.RunSQL(CROSSING, migrations.RunSQL.noop),
    ]
