import django.db.models.deletion
from django.db import migrations, models

# The database, too, refuses what crosses companies.
CROSSING = """
ALTER TABLE mailings_doubt ADD CONSTRAINT doubt_delivery_company FOREIGN KEY (company_id, delivery_id)
    REFERENCES mailings_delivery (company_id, id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """How far the search for evidence of each delivery in doubt has come."""

    dependencies = [
        ("companies", "0003_doubt_rule"),
        ("mailings", "0004_forget_drawn"),
        ("transport", "0004_sent_folder"),
    ]
    operations = [
        migrations.CreateModel(
            "Doubt",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("look_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("absent_from", models.CharField(max_length=200, blank=True)),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey("companies.company", django.db.models.deletion.CASCADE, related_name="+"),
                ),
                (
                    "delivery",
                    models.OneToOneField("mailings.delivery", django.db.models.deletion.CASCADE, related_name="doubt"),
                ),
            ],
        ),
        migrations.AddIndex(
            "doubt",
            models.Index("look_at", condition=models.Q(look_at__isnull=False), name="doubt_to_look"),
        ),
        migrations.RunSQL(CROSSING, "ALTER TABLE mailings_doubt DROP CONSTRAINT doubt_delivery_company"),
    ]
