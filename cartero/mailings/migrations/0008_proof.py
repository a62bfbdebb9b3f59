import django.db.models.deletion
from django.db import migrations, models

# The database, too, refuses what crosses companies.
CROSSING = """
ALTER TABLE mailings_recipe ADD CONSTRAINT recipe_mailing_company FOREIGN KEY (company_id, mailing_id)
    REFERENCES mailings_mailing (company_id, id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """What it takes to make a mail again, and to know that it is the one that went."""

    dependencies = [("companies", "0003_doubt_rule"), ("mailings", "0007_selection_by_document")]
    operations = [
        migrations.AddField("delivery", "proof", models.JSONField(null=True)),
        migrations.CreateModel(
            "Recipe",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("facts", models.JSONField()),
                ("since", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey("companies.company", django.db.models.deletion.CASCADE, related_name="+"),
                ),
                (
                    "mailing",
                    models.ForeignKey("mailings.mailing", django.db.models.deletion.CASCADE, related_name="recipes"),
                ),
            ],
        ),
        migrations.AddConstraint("recipe", models.UniqueConstraint(fields=["mailing", "digest"], name="recipe_once")),
        migrations.RunSQL(CROSSING, "ALTER TABLE mailings_recipe DROP CONSTRAINT recipe_mailing_company"),
    ]
