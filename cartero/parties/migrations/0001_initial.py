import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("companies", "0001_initial"),
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(),
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("group", "Grupo"), ("zone", "Zona")], default="group", max_length=10),
                ),
                ("name", models.CharField(max_length=60, verbose_name="nombre")),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("company", "kind", "name"), name="group_named_once"),
                    models.UniqueConstraint(fields=("company", "id"), name="group_of_company"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tax_id", models.CharField(max_length=40, verbose_name="NIT o cédula")),
                ("id_type", models.CharField(blank=True, max_length=4)),
                ("check_digit", models.CharField(blank=True, max_length=1)),
                ("name", models.CharField(max_length=450, verbose_name="nombre")),
                ("trade_name", models.CharField(blank=True, max_length=450)),
                ("phone", models.CharField(blank=True, max_length=100, verbose_name="teléfono")),
                ("city", models.CharField(blank=True, max_length=100, verbose_name="ciudad")),
                (
                    "delivery_form",
                    models.CharField(
                        choices=[("container", "XML y PDF en un ZIP"), ("pdf", "Solo el PDF")],
                        default="container",
                        max_length=10,
                        verbose_name="forma de entrega",
                    ),
                ),
                ("search_key", models.TextField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(models.F("company"), models.F("search_key"), models.F("id"), name="party_by_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("search_key", "gin_trgm_ops"), name="party_search"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "tax_id"), name="party_once"),
                    models.UniqueConstraint(fields=("company", "id"), name="party_of_company"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartyGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="party_groups", to="parties.group"
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="party_groups", to="parties.party"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(models.F("group"), models.F("party"), name="party_of_group")],
                "constraints": [models.UniqueConstraint(fields=("party", "group"), name="party_in_group_once")],
            },
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.CharField(max_length=254, verbose_name="correo")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("facturas", "Facturas"), ("cartera", "Cartera"), ("copia", "Copia")],
                            max_length=10,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("is_principal", models.BooleanField(default=False)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("document", "Tomado de un documento"),
                            ("typed", "Escrito o importado por la empresa"),
                            ("mail", "Tomado de un correo que salió"),
                        ],
                        default="typed",
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pendiente"),
                            ("validated", "Validado"),
                            ("doubtful", "Dudoso"),
                            ("bounced", "Rebotado"),
                            ("invalid", "Inválido"),
                            ("not_theirs", "No es suyo"),
                            ("replaced", "Reemplazado"),
                        ],
                        default="pending",
                        max_length=12,
                    ),
                ),
                ("state_reason", models.CharField(blank=True, max_length=300)),
                ("state_at", models.DateTimeField(auto_now_add=True)),
                ("proposal", models.CharField(blank=True, max_length=254)),
                ("unsubscribed_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="addresses", to="parties.party"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(models.F("company"), models.F("email"), name="address_by_email"),
                    models.Index(
                        models.F("company"),
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("email"), name="text_pattern_ops"
                        ),
                        name="address_begins",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("bounced", "invalid", "not_theirs", "doubtful"))),
                        fields=["company", "state_at", "id"],
                        include=("state",),
                        name="address_to_mend",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("party", "email"), name="address_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_principal", True)), fields=("party",), name="address_principal"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="party",
            name="groups",
            field=models.ManyToManyField(related_name="parties", through="parties.PartyGroup", to="parties.group"),
        ),
    ]
