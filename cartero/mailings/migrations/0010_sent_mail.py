import django.db.models.deletion
from django.db import migrations, models

# The database, too, refuses what crosses companies.
CROSSING = """
ALTER TABLE mailings_sentmail ADD CONSTRAINT sent_mail_delivery_company FOREIGN KEY (company_id, delivery_id)
    REFERENCES mailings_delivery (company_id, id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """Where the exact mail of a delivery is, for companies that keep them."""

    dependencies = [("companies", "0004_keeps_mails"), ("mailings", "0009_what_comes_back")]
    operations = [
        migrations.CreateModel(
            "SentMail",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stored_sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("kept_at", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey("companies.company", django.db.models.deletion.CASCADE, related_name="+"),
                ),
                (
                    "delivery",
                    models.OneToOneField(
                        "mailings.delivery", django.db.models.deletion.CASCADE, related_name="sent_mail"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(CROSSING, "ALTER TABLE mailings_sentmail DROP CONSTRAINT sent_mail_delivery_company"),
    ]
