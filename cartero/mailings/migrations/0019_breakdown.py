import django.db.models.deletion
from django.db import migrations, models

# Appends, so that workers never wait for each other; `breakdowns.refresh` takes the marks away before it counts.
MARKED = """
CREATE FUNCTION mailings_mark_recount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO mailings_recount (company_id, mailing_id, at)
    SELECT DISTINCT n.company_id, n.mailing_id, statement_timestamp() FROM now_rows n JOIN was_rows w USING (id)
     WHERE mailings_tally_state(n.status) <> mailings_tally_state(w.status) OR n.reason <> w.reason
        OR n.viewed_at IS DISTINCT FROM w.viewed_at;
    RETURN NULL;
END $$;
CREATE TRIGGER mailings_mark_recount AFTER UPDATE ON mailings_delivery
    REFERENCING OLD TABLE AS was_rows NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION mailings_mark_recount();
"""
UNMARKED = "DROP TRIGGER mailings_mark_recount ON mailings_delivery; DROP FUNCTION mailings_mark_recount"
# What was sent before is counted by the first round.
FILLED = """
INSERT INTO mailings_recount (company_id, mailing_id, at)
SELECT company_id, id, now() FROM mailings_mailing WHERE started_at IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE -- a table whose rows wait to be checked takes no index
"""
# The database, too, refuses what crosses companies.
CROSSING = """
ALTER TABLE mailings_breakdown ADD CONSTRAINT breakdown_mailing_company FOREIGN KEY (company_id, mailing_id)
    REFERENCES mailings_mailing (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_recount ADD CONSTRAINT recount_mailing_company FOREIGN KEY (company_id, mailing_id)
    REFERENCES mailings_mailing (company_id, id) DEFERRABLE INITIALLY DEFERRED;
"""
CROSSED = """
ALTER TABLE mailings_breakdown DROP CONSTRAINT breakdown_mailing_company;
ALTER TABLE mailings_recount DROP CONSTRAINT recount_mailing_company;
"""


def to(model: str, **options: object) -> models.ForeignKey:
    return models.ForeignKey(model, django.db.models.deletion.CASCADE, db_constraint=False, **options)


class Migration(migrations.Migration):
    dependencies = [("companies", "0004_keeps_mails"), ("mailings", "0018_event_lost")]
    operations = [
        migrations.CreateModel(
            "Breakdown",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                (
                    "facet",
                    models.CharField(
                        max_length=10,
                        choices=[("reason", "Motivo"), ("domain", "Dominio"), ("seen", "Días hasta verse")],
                    ),
                ),
                ("key", models.CharField(max_length=254)),
                ("mails", models.IntegerField()),
                ("arrived", models.IntegerField()),
                ("confirmed", models.IntegerField()),
                ("seen", models.IntegerField()),
                ("returned", models.IntegerField()),
                ("failed", models.IntegerField()),
                ("in_doubt", models.IntegerField()),
                ("waiting", models.IntegerField()),
                ("left_out", models.IntegerField()),
                ("counted_at", models.DateTimeField()),
                ("company", to("companies.company", related_name="+", db_index=False)),
                ("mailing", to("mailings.mailing", related_name="breakdowns", db_index=False)),
            ],
            options={
                "indexes": [models.Index("company", "facet", "month", name="breakdown_of_month")],
                "constraints": [
                    models.UniqueConstraint(fields=("mailing", "facet", "key"), name="breakdown_once"),
                ],
            },
        ),
        migrations.CreateModel(
            "Recount",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("company", to("companies.company", related_name="+", db_index=False)),
                ("mailing", to("mailings.mailing", related_name="+")),
            ],
            options={"indexes": [models.Index("company", "at", name="recount_of_company")]},
        ),
        migrations.RunSQL(CROSSING, CROSSED),
        migrations.RunSQL(MARKED, UNMARKED),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
    ]
