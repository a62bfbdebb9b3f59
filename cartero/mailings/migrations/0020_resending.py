import django.db.models.deletion
from django.db import migrations, models

# The database, too, refuses what crosses companies.
CROSSING = """
ALTER TABLE mailings_delivery ADD CONSTRAINT delivery_resend_company FOREIGN KEY (company_id, resend_of_id)
    REFERENCES mailings_delivery (company_id, id) DEFERRABLE INITIALLY DEFERRED;
"""

# What comes of sending mails again, one row a document: where it goes today, and why not. `first` is the mail that the
# new one is tied to. The same content is what no document of the mail was replaced since; it is at an address when a
# server took it over for that address and it has not come back.
RESENDING = """
CREATE FUNCTION mailings_resending(
    p_company bigint, p_kind text, p_gated boolean, p_role text, p_deliveries bigint[], p_again boolean)
RETURNS TABLE (original bigint, first bigint, part smallint, "position" integer, invoice_id bigint, party_id bigint,
               recipients text[], left_out text, left_out_detail text, sent_at timestamptz, sent_by bigint)
LANGUAGE sql STABLE AS $$
WITH asked AS MATERIALIZED (
    SELECT d.id AS original, coalesce(d.resend_of_id, d.id) AS first, d.part, di.invoice_id, di."position"
      FROM mailings_delivery d JOIN mailings_deliveryinvoice di ON di.delivery_id = d.id
     WHERE d.company_id = p_company AND d.id = ANY (p_deliveries)
), chosen AS MATERIALIZED (
    SELECT * FROM mailings_selection(p_company, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        ARRAY(SELECT DISTINCT asked.invoice_id FROM asked), false, NULL, p_kind, p_gated, false, p_role)
), replaced AS MATERIALIZED (
    SELECT asked.original, max(e.at) AS at
      FROM asked JOIN companies_auditentry e ON e.noun_id = asked.invoice_id
     WHERE e.company_id = p_company AND e.noun = 'invoice' AND e.verb = 'replace' GROUP BY asked.original
)
SELECT a.original, a.first, a.part::smallint, a."position", a.invoice_id, c.party_id, c.recipients,
       coalesce(c.left_out, CASE WHEN n.waits THEN 'in_another' WHEN n.is_there AND NOT p_again THEN 'sent_before' END),
       c.left_out_detail, c.sent_at, c.sent_by
  FROM asked a
  JOIN chosen c USING (invoice_id)
  LEFT JOIN replaced r USING (original)
  LEFT JOIN LATERAL (
      SELECT bool_or(x.status IN ('pending', 'claimed', 'transmitting', 'in_doubt')) AS waits,
             bool_or(x.status IN ('accepted', 'delivered', 'complained') AND x."to"::text[] && c.recipients
                     AND (r.at IS NULL OR r.at <= x.accepted_at)) AS is_there
        FROM (SELECT * FROM mailings_delivery WHERE id = a.first
              UNION ALL SELECT * FROM mailings_delivery WHERE resend_of_id = a.first) x) n ON true
$$
"""


class Migration(migrations.Migration):
    """A mail that goes again is tied to the first."""

    dependencies = [("mailings", "0019_breakdown"), ("companies", "0004_keeps_mails")]
    operations = [
        migrations.AddField(
            "delivery",
            "resend_of",
            models.ForeignKey(
                "mailings.delivery",
                django.db.models.deletion.PROTECT,
                db_constraint=False,
                db_index=False,
                null=True,
                related_name="resends",
            ),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index("resend_of", condition=models.Q(resend_of__isnull=False), name="delivery_resends"),
        ),
        migrations.RunSQL(CROSSING, "ALTER TABLE mailings_delivery DROP CONSTRAINT delivery_resend_company"),
        migrations.RunSQL(RESENDING, "DROP FUNCTION mailings_resending"),
    ]
