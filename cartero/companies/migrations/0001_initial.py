import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cartero.companies.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Company",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tax_id", models.CharField(max_length=20, unique=True, verbose_name="NIT")),
                ("check_digit", models.CharField(blank=True, max_length=1, verbose_name="dígito de verificación")),
                ("name", models.CharField(max_length=200, verbose_name="razón social")),
                ("trade_name", models.CharField(blank=True, max_length=200, verbose_name="nombre comercial")),
                (
                    "country",
                    models.CharField(
                        choices=[("co", "Colombia"), ("generic", "Otro país")],
                        default="co",
                        max_length=10,
                        verbose_name="país",
                    ),
                ),
                ("timezone", models.CharField(default="America/Bogota", max_length=40)),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="dirección")),
                ("city", models.CharField(blank=True, max_length=100, verbose_name="ciudad")),
                ("phone", models.CharField(blank=True, max_length=60, verbose_name="teléfono")),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="correo para respuestas y eventos"),
                ),
                ("color", models.CharField(default="#2548b0", max_length=7, verbose_name="color")),
                ("logo_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "doubt_rule",
                    models.CharField(
                        choices=[("review", "Marcar para revisar"), ("resend", "Reenviar")],
                        db_default="review",
                        default="review",
                        max_length=10,
                        verbose_name="correos en duda",
                    ),
                ),
                (
                    "keeps_mails",
                    models.BooleanField(db_default=False, default=False, verbose_name="guarda los correos enviados"),
                ),
                (
                    "has_links",
                    models.BooleanField(db_default=True, default=True, verbose_name="enlaces en los correos"),
                ),
                (
                    "link_days",
                    models.PositiveSmallIntegerField(
                        db_default=180, default=180, verbose_name="días que sirve un enlace"
                    ),
                ),
                (
                    "has_pixel",
                    models.BooleanField(db_default=False, default=False, verbose_name="imagen que avisa la apertura"),
                ),
                (
                    "pay_url",
                    models.CharField(blank=True, db_default="", max_length=500, verbose_name="página de pagos"),
                ),
                (
                    "link_key_sealed",
                    models.TextField(db_default="", default=cartero.companies.models.a_link_key, editable=False),
                ),
                ("is_demo", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("reader", "Consulta"),
                            ("preparer", "Prepara"),
                            ("sender", "Envía"),
                            ("admin", "Administra"),
                        ],
                        max_length=10,
                        verbose_name="rol",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="companies.company"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("company", "user"), name="membership_once")],
            },
        ),
        migrations.CreateModel(
            name="MutedNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("finished", "Resumen al terminar un envío"),
                            ("bounced", "Lo que rebotó, una vez al día"),
                            ("refused", "Una cuenta de correo dejó de servir"),
                            ("batch", "Una tanda espera un visto bueno"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("company", "user", "kind"), name="notice_muted_once")],
            },
        ),
        migrations.CreateModel(
            name="NoticeSent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("finished", "Resumen al terminar un envío"),
                            ("bounced", "Lo que rebotó, una vez al día"),
                            ("refused", "Una cuenta de correo dejó de servir"),
                            ("batch", "Una tanda espera un visto bueno"),
                        ],
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(max_length=60)),
                ("until", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("company", "user", "kind", "key"), name="notice_sent_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verb", models.CharField(max_length=40)),
                ("noun", models.CharField(blank=True, max_length=40)),
                ("noun_id", models.BigIntegerField(null=True)),
                ("facts", models.JSONField(default=dict)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
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
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="companies.company"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("company"),
                        models.F("noun"),
                        models.F("noun_id"),
                        models.F("at"),
                        name="audit_of_a_thing",
                    )
                ],
            },
        ),
    ]
