import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0004_keeps_mails"),
        ("invoices", "0008_kinds_of_documents"),
        ("parties", "0002_crossings"),
    ]

    operations = [
        migrations.AlterField(
            model_name="invoice",
            name="company",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="companies.company",
            ),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="party",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invoices",
                to="parties.party",
            ),
        ),
    ]
