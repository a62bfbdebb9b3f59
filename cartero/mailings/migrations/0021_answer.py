import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CROSSING = """
ALTER TABLE mailings_answer ADD CONSTRAINT answer_delivery_company FOREIGN KEY (company_id, delivery_id)
    REFERENCES mailings_delivery (company_id, id) DEFERRABLE INITIALLY DEFERRED;
"""
KINDS = [
    ("confirmed", "Recibido conforme"),
    ("remarked", "Tiene una observación"),
    ("disowned", "Dice que no es suyo"),
]
WAITING = models.Q(("attended_at__isnull", True), ("kind__in", ["disowned", "remarked"]))


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("companies", "0006_recipient_page"),
        ("mailings", "0020_resending"),
    ]
    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("text", models.TextField(blank=True)),
                ("address", models.CharField(blank=True, max_length=254)),
                ("proposed", models.CharField(blank=True, max_length=254)),
                ("at", models.DateTimeField()),
                ("attended_at", models.DateTimeField(null=True)),
                (
                    "attended_by",
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
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="mailings.delivery"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=WAITING, fields=["company", "-id"], name="answer_waiting"),
                    models.Index(
                        condition=models.Q(("attended_at__isnull", False)),
                        fields=["company", "-id"],
                        name="answer_attended",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CROSSING, migrations.RunSQL.noop),
    ]
