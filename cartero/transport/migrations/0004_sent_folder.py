from django.db import migrations, models

SECURITY = [("none", "Ninguna"), ("starttls", "STARTTLS"), ("tls", "TLS")]


class Migration(migrations.Migration):
    """Where an account's mails can be found after they went, so that a doubt is settled by evidence."""

    dependencies = [("transport", "0003_ways_and_grants")]
    operations = [
        migrations.CreateModel(
            "SentFolder",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("host", models.CharField("servidor IMAP", max_length=253)),
                ("port", models.PositiveIntegerField("puerto IMAP", default=993)),
                ("security", models.CharField("seguridad IMAP", max_length=10, choices=SECURITY, default="tls")),
                ("username", models.CharField("usuario IMAP", max_length=254, blank=True)),
                ("password_sealed", models.TextField(blank=True)),
                ("name", models.CharField("carpeta", max_length=200, blank=True)),
                ("keeps_all", models.BooleanField("guarda todo lo que sale", default=False)),
                ("private_allowed", models.BooleanField(default=False)),
                ("looked_at", models.DateTimeField(null=True)),
                ("looked_in", models.CharField(max_length=200, blank=True)),
                ("trouble", models.CharField(max_length=60, blank=True)),
                ("trouble_reply", models.CharField(max_length=500, blank=True)),
                ("is_refused", models.BooleanField(default=False)),
                (
                    "account",
                    models.OneToOneField("transport.mailaccount", models.CASCADE, related_name="sent_folder"),
                ),
            ],
        ),
    ]
