import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The database, too, refuses what crosses companies.
CROSSING = """
ALTER TABLE mailings_attestation
    ADD CONSTRAINT attestation_invoice_company FOREIGN KEY (company_id, invoice_id)
        REFERENCES invoices_invoice (company_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT attestation_party_company FOREIGN KEY (company_id, party_id)
        REFERENCES parties_party (company_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT attestation_mailing_company FOREIGN KEY (company_id, mailing_id)
        REFERENCES mailings_mailing (company_id, id) DEFERRABLE INITIALLY DEFERRED;
"""
GONE = """
ALTER TABLE mailings_attestation DROP CONSTRAINT attestation_invoice_company,
    DROP CONSTRAINT attestation_party_company, DROP CONSTRAINT attestation_mailing_company;
"""


def to(model: str, name: str) -> models.ForeignKey:
    return models.ForeignKey(model, django.db.models.deletion.PROTECT, null=True, related_name=name)


class Migration(migrations.Migration):
    """Which constancias were issued, of what, and how each is known again."""

    dependencies = [
        ("companies", "0004_keeps_mails"),
        ("invoices", "0002_crossings"),
        ("mailings", "0011_in_doubt_in_words"),
        ("parties", "0002_crossings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            "Attestation",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="número")),
                (
                    "kind",
                    models.CharField(
                        max_length=10,
                        choices=[("invoice", "Un documento"), ("party", "Un tercero"), ("mailing", "Un envío")],
                    ),
                ),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("part", models.PositiveIntegerField(default=1)),
                ("parts", models.PositiveIntegerField(default=1)),
                (
                    "deliveries",
                    django.contrib.postgres.fields.ArrayField(models.BigIntegerField(), default=list, size=None),
                ),
                ("documents", models.PositiveIntegerField(default=0)),
                ("code_sha256", models.CharField(max_length=64, unique=True)),
                ("pdf_sha256", models.CharField(max_length=64, blank=True)),
                ("size", models.PositiveIntegerField(default=0)),
                ("issued_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey("companies.company", django.db.models.deletion.CASCADE, related_name="+"),
                ),
                ("invoice", to("invoices.invoice", "attestations")),
                ("party", to("parties.party", "attestations")),
                ("mailing", to("mailings.mailing", "attestations")),
                ("issued_by", to(settings.AUTH_USER_MODEL, "+")),
            ],
        ),
        migrations.AddConstraint(
            "attestation", models.UniqueConstraint(fields=["company", "number"], name="attestation_numbered_once")
        ),
        migrations.RunSQL(CROSSING, GONE),
    ]
