from django.db import migrations, models

import cartero.companies.models
from cartero.companies.models import a_link_key


def give_each_its_own(apps, schema_editor):
    """A default is asked for once, for all rows that are there."""
    for company in apps.get_model("companies", "company").objects.all():
        company.link_key_sealed = a_link_key()
        company.save(update_fields=["link_key_sealed"])


class Migration(migrations.Migration):
    dependencies = [("companies", "0005_notices")]
    operations = [
        migrations.AddField(
            "company", "has_links", models.BooleanField("enlaces en los correos", default=True, db_default=True)
        ),
        migrations.AddField(
            "company",
            "link_days",
            models.PositiveSmallIntegerField("días que sirve un enlace", default=180, db_default=180),
        ),
        migrations.AddField(
            "company", "pay_url", models.CharField("página de pagos", max_length=500, blank=True, db_default="")
        ),
        migrations.AddField(
            "company",
            "link_key_sealed",
            models.TextField(default=cartero.companies.models.a_link_key, db_default="", editable=False),
        ),
        migrations.RunPython(give_each_its_own, migrations.RunPython.noop),
    ]
