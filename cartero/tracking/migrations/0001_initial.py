import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("companies", "0001_initial"),
        ("mailings", "0001_initial"),
        ("transport", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=12)),
                ("address", models.CharField(blank=True, max_length=254)),
                ("is_hard", models.BooleanField(default=False)),
                ("words", models.CharField(blank=True, max_length=300)),
                ("is_reviewed", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="transport.mailaccount",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mailings.delivery"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("company"),
                        models.F("address"),
                        models.F("at"),
                        condition=models.Q(("is_hard", False), ("kind", "bounced")),
                        name="receipt_soft",
                    ),
                    models.Index(
                        models.F("account"),
                        models.F("at"),
                        condition=models.Q(("delivery__isnull", True)),
                        name="receipt_strange",
                    ),
                    models.Index(
                        models.F("company"),
                        models.F("account"),
                        condition=models.Q(("delivery__isnull", True), ("is_reviewed", False)),
                        name="receipt_unreviewed",
                    ),
                    models.Index(models.F("at"), name="receipt_by_age"),
                ],
                "constraints": [models.UniqueConstraint(fields=("account", "key"), name="receipt_once")],
            },
        ),
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
