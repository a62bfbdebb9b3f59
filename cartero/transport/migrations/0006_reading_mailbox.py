import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("transport", "0005_return_address"),
    ]

    operations = [
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
