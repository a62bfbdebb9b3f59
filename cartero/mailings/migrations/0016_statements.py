import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The database, too, refuses what crosses companies.
CROSSING = """
ALTER TABLE mailings_statementrun
    ADD CONSTRAINT statement_run_group_company FOREIGN KEY (company_id, group_id)
        REFERENCES parties_group (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_statement
    ADD CONSTRAINT statement_run_company FOREIGN KEY (company_id, run_id)
        REFERENCES mailings_statementrun (company_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT statement_party_company FOREIGN KEY (company_id, party_id)
        REFERENCES parties_party (company_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT statement_invoice_company FOREIGN KEY (company_id, invoice_id)
        REFERENCES invoices_invoice (company_id, id) DEFERRABLE INITIALLY DEFERRED;
"""
NOT_CROSSING = """
ALTER TABLE mailings_statement DROP CONSTRAINT statement_run_company, DROP CONSTRAINT statement_party_company,
    DROP CONSTRAINT statement_invoice_company;
ALTER TABLE mailings_statementrun DROP CONSTRAINT statement_run_group_company;
"""
# Each document with what it adds to what its tercero owes: its balance, else its total. A note lowers that by what is
# left of it. Where that is unknown it lowers by its total, unless it has been used: the balance of what it corrects is
# known, or, where it does not say what that is, any balance of its tercero in its currency.
OWING = """
CREATE FUNCTION mailings_owing(
    p_company bigint, p_until date, p_in_group bigint, p_parties bigint[], p_asking text[], p_lowering text[], p_paying text[])
RETURNS TABLE (party_id bigint, kind text, number text, issue_date date, due_date date, currency text, total numeric,
               owed numeric, is_unknown boolean)
LANGUAGE sql STABLE AS $$
SELECT i.party_id, i.kind::text, i.number::text, i.issue_date, i.due_date, coalesce(nullif(i.currency, ''), 'COP')::text,
       i.payable_amount,
       CASE WHEN i.kind = ANY (p_paying) THEN 0
            WHEN i.kind = ANY (p_asking) THEN coalesce(i.balance, i.payable_amount)
            WHEN i.balance IS NOT NULL THEN -abs(i.balance)
            WHEN coalesce(
                (SELECT o.balance IS NOT NULL
                   FROM invoices_invoicecontent c
                   JOIN invoices_invoice o ON o.company_id = i.company_id AND o.kind = ANY (p_asking)
                                          AND o.number = c.data -> 'correction' ->> 'number'
                  WHERE c.invoice_id = i.id LIMIT 1),
                EXISTS (SELECT FROM invoices_invoice o
                         WHERE o.party_id = i.party_id AND o.currency = i.currency AND o.kind = ANY (p_asking)
                           AND o.balance IS NOT NULL)) THEN 0
            ELSE -i.payable_amount END,
       i.kind = ANY (p_asking) AND i.balance IS NULL
  FROM invoices_invoice i
 WHERE i.company_id = p_company AND i.issue_date <= p_until AND i.kind = ANY (p_asking || p_lowering || p_paying)
   AND (p_parties IS NULL OR i.party_id = ANY (p_parties))
   AND (p_in_group IS NULL OR i.party_id IN (SELECT g.party_id FROM parties_partygroup g WHERE g.group_id = p_in_group))
$$
"""
# The terceros of a run, what each owes by currency, and why one gets no statement.
TO_STATE = """
CREATE FUNCTION mailings_to_state(
    p_company bigint, p_until date, p_in_group bigint, p_parties bigint[], p_asking text[], p_lowering text[])
RETURNS TABLE (party_id bigint, search_key text, amounts jsonb, unknown bigint, reason text)
LANGUAGE sql STABLE AS $$
WITH summed AS (
    SELECT o.party_id, o.currency, sum(o.owed) AS owed, count(*) FILTER (WHERE o.is_unknown) AS unknown
      FROM mailings_owing(p_company, p_until, p_in_group, p_parties, p_asking, p_lowering, '{}') o
     GROUP BY o.party_id, o.currency
), of_party AS (
    SELECT s.party_id, coalesce(jsonb_object_agg(s.currency, s.owed::text) FILTER (WHERE s.owed <> 0), '{}') AS amounts,
           max(s.owed) AS most, sum(s.unknown)::bigint AS unknown
      FROM summed s GROUP BY s.party_id
)
SELECT a.party_id, p.search_key, a.amounts, a.unknown,
       CASE WHEN p.tax_id = '222222222222' THEN 'final_consumer'
            WHEN a.amounts = '{}' THEN 'nothing_owed'
            WHEN a.most <= 0 THEN 'in_favour'
            WHEN EXISTS (SELECT FROM mailings_statement s JOIN mailings_statementrun r ON r.id = s.run_id
                          WHERE s.party_id = a.party_id AND r.until = p_until AND s.state IN ('due', 'made')
                            AND s.amounts = a.amounts) THEN 'same' END
  FROM of_party a JOIN parties_party p ON p.id = a.party_id
$$
"""
GONE = """
DROP FUNCTION mailings_to_state(bigint, date, bigint, bigint[], text[], text[]);
DROP FUNCTION mailings_owing(bigint, date, bigint, bigint[], text[], text[], text[]);
"""


class Migration(migrations.Migration):
    """Account statements: runs of them, each with a row a tercero."""

    dependencies = [
        ("companies", "0004_keeps_mails"),
        ("invoices", "0009_rely_on_crossings"),
        ("mailings", "0015_rely_on_crossings"),
        ("parties", "0002_crossings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="StatementRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateField(verbose_name="fecha de corte")),
                ("since", models.DateField(verbose_name="movimientos desde")),
                (
                    "parties",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
                ("pay_to", models.TextField(blank=True, verbose_name="cómo pagar")),
                ("look", models.JSONField(default=dict)),
                ("prefix", models.CharField(max_length=20)),
                ("first", models.BigIntegerField(default=0)),
                ("statements", models.PositiveIntegerField(default=0)),
                ("left_out", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="parties.group"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "Por hacer"),
                            ("made", "Hecho"),
                            ("failed", "No se pudo hacer"),
                            ("left_out", "Por fuera"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("nothing_owed", "No debe nada a esa fecha"),
                            ("in_favour", "Tiene saldo a su favor"),
                            ("same", "Ya tiene un estado de cuenta con ese corte y ese saldo"),
                            ("final_consumer", "Es el consumidor final: muchas personas bajo un mismo número"),
                            ("not_drawn", "No se pudo hacer su PDF"),
                            ("no_logo", "El logo de la empresa no está donde se guardó"),
                            ("taken", "Ya había un documento con su número"),
                        ],
                        max_length=20,
                    ),
                ),
                ("sequence", models.BigIntegerField(null=True)),
                ("amounts", models.JSONField(default=dict)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "invoice",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="statement",
                        to="invoices.invoice",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statements", to="parties.party"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="mailings.statementrun"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="statementrun",
            index=models.Index(fields=["company", "-created_at"], name="statement_run_latest"),
        ),
        migrations.AddIndex(
            model_name="statementrun",
            index=models.Index(
                models.F("id"), condition=models.Q(("finished_at", None)), name="statement_run_unfinished"
            ),
        ),
        migrations.AddConstraint(
            model_name="statementrun",
            constraint=models.UniqueConstraint(fields=("company", "id"), name="statement_run_of_company"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(models.F("run"), models.F("state"), models.F("id"), name="statement_by_state"),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(fields=("run", "party"), name="statement_once"),
        ),
        migrations.RunSQL(CROSSING, NOT_CROSSING),
        migrations.RunSQL(OWING + ";" + TO_STATE, GONE),
    ]
