import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("companies", "0001_initial"),
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invoice", "Factura de venta"),
                            ("credit_note", "Nota crédito"),
                            ("debit_note", "Nota débito"),
                            ("equivalent", "Documento equivalente"),
                            ("receipt", "Recibo de caja"),
                            ("statement", "Estado de cuenta"),
                            ("certificate", "Certificado"),
                            ("other", "Otro documento"),
                        ],
                        max_length=12,
                        verbose_name="tipo",
                    ),
                ),
                ("type_code", models.CharField(blank=True, max_length=4)),
                ("number", models.CharField(max_length=60, verbose_name="número")),
                ("prefix", models.CharField(blank=True, max_length=20, verbose_name="prefijo")),
                ("sequence", models.BigIntegerField(null=True, verbose_name="consecutivo")),
                ("uuid", models.CharField(blank=True, max_length=96, verbose_name="CUFE")),
                ("issue_date", models.DateField(verbose_name="fecha")),
                ("due_date", models.DateField(null=True, verbose_name="vencimiento")),
                ("period", models.DateField(verbose_name="período")),
                ("currency", models.CharField(default="COP", max_length=3)),
                ("payable_amount", models.DecimalField(decimal_places=6, max_digits=21, verbose_name="total")),
                ("balance", models.DecimalField(decimal_places=6, max_digits=21, null=True, verbose_name="saldo")),
                ("environment", models.CharField(blank=True, max_length=1)),
                ("validation_code", models.CharField(blank=True, max_length=4)),
                (
                    "customer_emails",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=254), default=list, size=None
                    ),
                ),
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
                        default="unsent",
                        max_length=10,
                        verbose_name="estado de envío",
                    ),
                ),
                ("mail_reason", models.CharField(blank=True, max_length=60)),
                ("mail_at", models.DateTimeField(null=True)),
                ("search_key", models.TextField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="companies.company",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="parties.party",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("company"),
                        models.F("period"),
                        django.db.models.functions.comparison.Coalesce("sequence", 0),
                        models.F("id"),
                        name="invoice_in_order",
                    ),
                    models.Index(
                        models.F("company"),
                        models.F("period"),
                        models.F("mail_status"),
                        django.db.models.functions.comparison.Coalesce("sequence", 0),
                        models.F("id"),
                        name="invoice_in_state",
                    ),
                    models.Index(
                        models.F("company"), models.F("prefix"), models.F("sequence"), name="invoice_by_number"
                    ),
                    models.Index(models.F("company"), models.F("issue_date"), models.F("id"), name="invoice_by_day"),
                    models.Index(
                        models.F("company"),
                        models.F("mail_status"),
                        models.F("issue_date"),
                        models.F("id"),
                        name="invoice_in_state_by_day",
                    ),
                    models.Index(models.F("party"), models.F("issue_date"), name="invoice_of_party"),
                    models.Index(
                        condition=models.Q(("mail_status__in", ("bounced", "failed"))),
                        fields=["company", "period", "mail_status", "mail_reason"],
                        include=("party",),
                        name="invoice_returned",
                    ),
                    models.Index(
                        models.F("party"),
                        condition=models.Q(("mail_status__in", ("bounced", "failed"))),
                        name="invoice_returned_of_party",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("search_key", "gin_trgm_ops"), name="invoice_search"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "kind", "number"), name="invoice_once"),
                    models.UniqueConstraint(fields=("company", "id"), name="invoice_of_company"),
                ],
            },
        ),
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
                            ("receipt", "Recibo de caja"),
                            ("statement", "Estado de cuenta"),
                            ("certificate", "Certificado"),
                            ("other", "Otro documento"),
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
        migrations.CreateModel(
            name="InvoiceContent",
            fields=[
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="content",
                        serialize=False,
                        to="invoices.invoice",
                    ),
                ),
                ("data", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="InvoiceFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("container", "Contenedor electrónico"),
                            ("xml", "XML de la factura"),
                            ("validation", "Respuesta de la DIAN"),
                            ("pdf", "Representación gráfica"),
                            ("annex", "Anexo"),
                            ("event", "Evento del comprador"),
                            ("data", "Archivo de origen"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("media_type", models.CharField(max_length=100)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="invoices.invoice"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(models.F("company"), models.F("sha256"), name="invoice_file_by_hash")],
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "role", "sha256"), name="invoice_file_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=4)),
                ("number", models.CharField(max_length=60)),
                ("reference", models.CharField(max_length=60)),
                ("reference_uuid", models.CharField(blank=True, max_length=96)),
                ("issue_date", models.DateField(null=True)),
                ("sender_name", models.CharField(blank=True, max_length=450)),
                ("description", models.CharField(blank=True, max_length=300)),
                ("sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="invoices.invoice",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(models.F("company"), models.F("reference"), name="invoice_event_by_reference")
                ],
                "constraints": [models.UniqueConstraint(fields=("company", "sha256"), name="invoice_event_once")],
            },
        ),
    ]
