import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Where the provider of an account calls."""

    dependencies = [
        ("tracking", "0001_receipt"),
        ("transport", "0005_return_address"),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        max_length=10,
                    ),
                ),
                ("key_sha256", models.CharField(max_length=64, unique=True)),
                ("key_sealed", models.TextField()),
                ("secret_sealed", models.TextField(blank=True)),
                ("heard_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="webhook", to="transport.mailaccount"
                    ),
                ),
            ],
        ),
    ]
