import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("companies", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password_sealed", models.TextField(blank=True)),
                ("name", models.CharField(max_length=60, verbose_name="nombre")),
                ("from_address", models.CharField(max_length=254, verbose_name="sale desde")),
                ("from_name", models.CharField(blank=True, max_length=200, verbose_name="nombre de quien envía")),
                ("reply_to", models.CharField(blank=True, max_length=254, verbose_name="responder a")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("password", "Con usuario y contraseña"),
                            ("google", "Con permiso de Google"),
                            ("microsoft", "Con permiso de Microsoft"),
                            ("ses", "Por la API de Amazon SES"),
                            ("postmark", "Por la API de Postmark"),
                            ("brevo", "Por la API de Brevo"),
                            ("mailgun", "Por la API de Mailgun"),
                            ("sendgrid", "Por la API de SendGrid"),
                        ],
                        db_default="password",
                        default="password",
                        max_length=10,
                        verbose_name="cómo sale",
                    ),
                ),
                ("host", models.CharField(max_length=253, verbose_name="servidor")),
                ("port", models.PositiveIntegerField(default=587, verbose_name="puerto")),
                (
                    "security",
                    models.CharField(
                        choices=[("none", "Ninguna"), ("starttls", "STARTTLS"), ("tls", "TLS")],
                        default="starttls",
                        max_length=10,
                        verbose_name="seguridad",
                    ),
                ),
                ("username", models.CharField(blank=True, max_length=254, verbose_name="usuario")),
                (
                    "region",
                    models.CharField(blank=True, db_default="", default="", max_length=30, verbose_name="región"),
                ),
                (
                    "return_address",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=254, verbose_name="devoluciones a"
                    ),
                ),
                ("private_allowed", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("per_minute", models.PositiveIntegerField(blank=True, null=True, verbose_name="por minuto")),
                ("per_hour", models.PositiveIntegerField(blank=True, null=True, verbose_name="por hora")),
                ("per_day", models.PositiveIntegerField(blank=True, null=True, verbose_name="por día")),
                ("connections", models.PositiveSmallIntegerField(default=4, verbose_name="conexiones")),
                (
                    "max_size",
                    models.PositiveIntegerField(default=25000000, verbose_name="tamaño máximo de un correo, en bytes"),
                ),
                ("used", models.JSONField(default=dict)),
                ("learned_connections", models.PositiveSmallIntegerField(null=True)),
                ("learned_per_minute", models.PositiveIntegerField(null=True)),
                ("learned_at", models.DateTimeField(null=True)),
                ("learned_most_connections", models.PositiveSmallIntegerField(null=True)),
                ("learned_per_connection", models.PositiveIntegerField(null=True)),
                ("learned_ceiling_at", models.DateTimeField(null=True)),
                ("paused_until", models.DateTimeField(null=True)),
                ("paused_since", models.DateTimeField(null=True)),
                ("pause_reason", models.CharField(blank=True, max_length=60)),
                ("pause_reply", models.CharField(blank=True, max_length=500)),
                ("stopped_reason", models.CharField(blank=True, max_length=60)),
                ("stopped_reply", models.CharField(blank=True, max_length=500)),
                ("tested_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("company", "name"), name="account_named_once"),
                    models.UniqueConstraint(fields=("company", "id"), name="account_of_company"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("refresh_sealed", models.TextField()),
                ("access_sealed", models.TextField(blank=True)),
                ("access_until", models.DateTimeField()),
                ("granted_at", models.DateTimeField()),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grant", to="transport.mailaccount"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ConnectionSlot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("holder", models.UUIDField(null=True)),
                ("until", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="slots", to="transport.mailaccount"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "position"), name="connection_slot_once")],
            },
        ),
        migrations.CreateModel(
            name="SentFolder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password_sealed", models.TextField(blank=True)),
                ("host", models.CharField(max_length=253, verbose_name="servidor IMAP")),
                ("port", models.PositiveIntegerField(default=993, verbose_name="puerto IMAP")),
                (
                    "security",
                    models.CharField(
                        choices=[("none", "Ninguna"), ("starttls", "STARTTLS"), ("tls", "TLS")],
                        default="tls",
                        max_length=10,
                        verbose_name="seguridad IMAP",
                    ),
                ),
                ("username", models.CharField(blank=True, max_length=254, verbose_name="usuario IMAP")),
                ("private_allowed", models.BooleanField(default=False)),
                ("trouble", models.CharField(blank=True, max_length=60)),
                ("trouble_reply", models.CharField(blank=True, max_length=500)),
                ("is_refused", models.BooleanField(default=False)),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="carpeta")),
                ("keeps_all", models.BooleanField(default=False, verbose_name="guarda todo lo que sale")),
                ("looked_at", models.DateTimeField(null=True)),
                ("looked_in", models.CharField(blank=True, max_length=200)),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sent_folder",
                        to="transport.mailaccount",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReadingMailbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password_sealed", models.TextField(blank=True)),
                ("host", models.CharField(max_length=253, verbose_name="servidor IMAP")),
                ("port", models.PositiveIntegerField(default=993, verbose_name="puerto IMAP")),
                (
                    "security",
                    models.CharField(
                        choices=[("none", "Ninguna"), ("starttls", "STARTTLS"), ("tls", "TLS")],
                        default="tls",
                        max_length=10,
                        verbose_name="seguridad IMAP",
                    ),
                ),
                ("username", models.CharField(blank=True, max_length=254, verbose_name="usuario IMAP")),
                ("private_allowed", models.BooleanField(default=False)),
                ("trouble", models.CharField(blank=True, max_length=60)),
                ("trouble_reply", models.CharField(blank=True, max_length=500)),
                ("is_refused", models.BooleanField(default=False)),
                ("folder", models.CharField(default="INBOX", max_length=200, verbose_name="carpeta")),
                ("moved_to", models.CharField(blank=True, max_length=200, verbose_name="mover a")),
                ("uid_validity", models.BigIntegerField(null=True)),
                ("last_uid", models.BigIntegerField(default=0)),
                (
                    "to_move",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("read_at", models.DateTimeField(null=True)),
                ("watched_until", models.DateTimeField(null=True)),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reading_mailbox",
                        to="transport.mailaccount",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
