import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("companies", "0001_initial"),
        ("invoices", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "Recibida"),
                            ("reading", "Leyendo"),
                            ("needs_mapping", "Falta decir qué es cada columna"),
                            ("finished", "Terminada"),
                            ("failed", "No se pudo leer"),
                        ],
                        default="received",
                        max_length=14,
                    ),
                ),
                ("names", models.JSONField(default=list)),
                ("folder", models.CharField(blank=True, max_length=300)),
                ("options", models.JSONField(default=dict)),
                ("remarks", models.JSONField(default=list)),
                ("question", models.JSONField(null=True)),
                ("size", models.BigIntegerField(default=0)),
                ("read", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(null=True)),
                ("error", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("counts", models.JSONField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["company", "-created_at"], name="import_latest")],
                "constraints": [models.UniqueConstraint(fields=("company", "id"), name="import_of_company")],
            },
        ),
        migrations.CreateModel(
            name="ImportLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("file", models.CharField(max_length=500)),
                ("where", models.CharField(blank=True, max_length=300)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("import", "Importado"),
                            ("import+warn", "Importado con avisos"),
                            ("unchanged", "Ya estaba, sin cambios"),
                            ("conflict", "Conflicto"),
                            ("event", "Evento del comprador"),
                            ("refuse", "No se importó"),
                        ],
                        max_length=12,
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=12)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("facts", models.JSONField(default=dict)),
                ("messages", models.JSONField(default=list)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="invoices.invoice"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="importing.import",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(models.F("source"), models.F("position"), models.F("id"), name="import_line_in_order"),
                    models.Index(
                        models.F("source"),
                        models.F("outcome"),
                        models.F("position"),
                        models.F("id"),
                        name="import_line_by_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Conflict",
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
                    ),
                ),
                ("number", models.CharField(max_length=60)),
                ("data", models.JSONField()),
                ("files", models.JSONField(default=list)),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("open", "Por decidir"),
                            ("kept", "Se dejó el que estaba"),
                            ("replaced", "Se tomó el nuevo"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="conflicts", to="invoices.invoice"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="conflicts", to="importing.import"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(models.F("company"), models.F("decision"), name="conflict_open")],
            },
        ),
    ]
