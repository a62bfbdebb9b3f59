from django.db import migrations, models

WAYS = [
    ("password", "Con usuario y contraseña"),
    ("google", "Con permiso de Google"),
    ("microsoft", "Con permiso de Microsoft"),
    ("ses", "Por la API de Amazon SES"),
    ("postmark", "Por la API de Postmark"),
    ("brevo", "Por la API de Brevo"),
    ("mailgun", "Por la API de Mailgun"),
    ("sendgrid", "Por la API de SendGrid"),
]


class Migration(migrations.Migration):
    """An account is not SMTP with a password alone: leave given to an authority, and the API of a provider."""

    dependencies = [("transport", "0002_rolling_limits")]
    operations = [
        migrations.AddField(
            "mailaccount",
            "way",
            models.CharField("cómo sale", max_length=10, choices=WAYS, default="password", db_default="password"),
        ),
        migrations.AddField(
            "mailaccount", "region", models.CharField("región", max_length=30, blank=True, default="", db_default="")
        ),
        migrations.CreateModel(
            "Grant",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.OneToOneField("transport.mailaccount", models.CASCADE, related_name="grant"),
                ),
                ("refresh_sealed", models.TextField()),
                ("access_sealed", models.TextField(blank=True)),
                ("access_until", models.DateTimeField()),
                ("granted_at", models.DateTimeField()),
            ],
        ),
    ]
