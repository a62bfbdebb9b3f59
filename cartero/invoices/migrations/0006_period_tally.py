import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0004_keeps_mails"),
        ("invoices", "0005_in_doubt_in_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="PeriodTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invoice", "Factura de venta"),
                            ("credit_note", "Nota crédito"),
                            ("debit_note", "Nota débito"),
                            ("equivalent", "Documento equivalente"),
                        ],
                        max_length=12,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "mail_status",
                    models.CharField(
                        choices=[
                            ("unsent", "Sin enviar"),
                            ("queued", "En cola"),
                            ("accepted", "Enviada"),
                            ("delivered", "Entregada"),
                            ("viewed", "Vista"),
                            ("bounced", "Rebotada"),
                            ("failed", "Fallida"),
                            ("in_doubt", "En duda"),
                        ],
                        max_length=10,
                    ),
                ),
                ("documents", models.BigIntegerField()),
                ("amount", models.DecimalField(decimal_places=6, max_digits=27)),
                ("is_merged", models.BooleanField()),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="companies.company",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(models.F("company"), models.F("period"), name="tally_of_period"),
                    models.Index(models.F("id"), condition=models.Q(("is_merged", False)), name="tally_to_merge"),
                ],
            },
        ),
    ]
