from django.db import migrations

# Stable and plain SQL, so that the planner inlines it and sees the arguments as constants.
SELECTION = """
CREATE FUNCTION mailings_selection(
    p_company bigint, p_period date, p_document_kind text, p_prefix text, p_number_from bigint, p_number_to bigint,
    p_date_from date, p_date_to date, p_parties bigint[], p_excepted bigint[], p_in_group bigint, p_invoices bigint[],
    p_with_balance boolean, p_overdue_on date, p_kind text, p_gated boolean, p_only_unsent boolean, p_role text)
RETURNS TABLE (invoice_id bigint, party_id bigint, sequence bigint, number text, currency text, payable_amount numeric,
               recipients text[], size bigint, left_out text, left_out_detail text, sent_at timestamptz, sent_by bigint)
LANGUAGE sql STABLE AS $$
WITH in_range AS (
    SELECT i.id, i.party_id, i.sequence, i.number, i.currency, i.payable_amount, i.customer_emails, i.type_code,
           i.validation_code, i.mail_status
      FROM invoices_invoice i
     WHERE i.company_id = p_company
       AND (p_period IS NULL OR i.period = p_period)
       AND (p_document_kind IS NULL OR i.kind = p_document_kind)
       AND (p_prefix IS NULL OR i.prefix = p_prefix)
       AND (p_number_from IS NULL OR i.sequence >= p_number_from)
       AND (p_number_to IS NULL OR i.sequence <= p_number_to)
       AND (p_date_from IS NULL OR i.issue_date >= p_date_from)
       AND (p_date_to IS NULL OR i.issue_date <= p_date_to)
       AND (p_parties IS NULL OR i.party_id = ANY (p_parties))
       AND (p_in_group IS NULL OR i.party_id IN (SELECT g.party_id FROM parties_partygroup g WHERE g.group_id = p_in_group))
       AND (p_invoices IS NULL OR i.id = ANY (p_invoices))
       AND (NOT p_with_balance OR coalesce(i.balance, i.payable_amount) > 0)
       AND (p_overdue_on IS NULL OR (i.due_date < p_overdue_on AND coalesce(i.balance, i.payable_amount) > 0))
), known AS (
    SELECT a.party_id,
           array_agg(a.email ORDER BY a.is_principal DESC, a.id) FILTER (
               WHERE a.state IN ('pending', 'validated', 'doubtful') AND a.origin = 'typed'
                 AND (p_role = ANY (a.roles) OR 'copia' = ANY (a.roles))) AS for_role,
           bool_or(a.state IN ('pending', 'validated', 'doubtful') AND a.origin = 'typed' AND p_role = ANY (a.roles)) AS has_role,
           array_agg(a.email ORDER BY a.is_principal DESC, a.id) FILTER (
               WHERE a.state IN ('pending', 'validated', 'doubtful') AND a.origin = 'typed'
                 AND ('facturas' = ANY (a.roles) OR 'copia' = ANY (a.roles))) AS for_invoices,
           bool_or(a.state IN ('pending', 'validated', 'doubtful') AND a.origin = 'typed'
                   AND 'facturas' = ANY (a.roles)) AS has_invoices,
           array_agg(a.email) FILTER (WHERE a.state IN ('pending', 'validated', 'doubtful') AND a.is_principal) AS principal,
           array_agg(a.email::text) FILTER (WHERE a.state NOT IN ('pending', 'validated', 'doubtful')) AS blocked,
           (array_agg(a.email || ': ' || a.state_reason) FILTER (
               WHERE a.state NOT IN ('pending', 'validated', 'doubtful', 'replaced')))[1] AS blocked_why
      FROM parties_address a WHERE a.company_id = p_company
     GROUP BY a.party_id
), filed AS (
    SELECT f.invoice_id, sum(f.size) AS size, bool_or(f.role IN ('container', 'xml')) AS is_electronic,
           bool_or(f.role = 'pdf') AS has_pdf
      FROM invoices_invoicefile f
     WHERE f.company_id = p_company AND f.role IN ('container', 'xml', 'pdf', 'annex')
     GROUP BY f.invoice_id
), addressed AS (
    SELECT i.*, k.blocked, k.blocked_why, f.is_electronic,
           ((coalesce(f.size, 0) + CASE WHEN f.has_pdf THEN 0 ELSE 35000 END) * 1.37)::bigint + 9000 AS size,
           coalesce(
               CASE WHEN p.tax_id <> '222222222222' AND k.has_role THEN k.for_role
                    WHEN p.tax_id <> '222222222222' AND k.has_invoices THEN k.for_invoices END,
               nullif(CASE WHEN k.blocked IS NULL THEN i.customer_emails::text[]
                           ELSE ARRAY(SELECT e FROM unnest(i.customer_emails::text[]) AS e WHERE e <> ALL (k.blocked)) END, '{}'),
               CASE WHEN p.tax_id <> '222222222222' THEN k.principal END)::text[] AS recipients
      FROM in_range i
      JOIN parties_party p ON p.id = i.party_id
      LEFT JOIN known k ON k.party_id = i.party_id
      LEFT JOIN filed f ON f.invoice_id = i.id
), dated AS (
    SELECT a.*, s.accepted_at, s.started_by_id, q.elsewhere
      FROM addressed a
      LEFT JOIN LATERAL (
          SELECT d.accepted_at, m.started_by_id
            FROM mailings_deliveryinvoice di
            JOIN mailings_delivery d ON d.id = di.delivery_id
            JOIN mailings_mailing m ON m.id = d.mailing_id
           WHERE di.invoice_id = a.id AND d.accepted_at IS NOT NULL AND m.kind = p_kind
           ORDER BY d.accepted_at DESC LIMIT 1) s ON a.mail_status <> 'unsent'
      LEFT JOIN LATERAL (
          SELECT true AS elsewhere
            FROM mailings_deliveryinvoice di
            JOIN mailings_delivery d ON d.id = di.delivery_id
            JOIN mailings_mailing m ON m.id = d.mailing_id
           WHERE di.invoice_id = a.id AND d.status IN ('pending', 'claimed', 'transmitting', 'in_doubt')
             AND m.kind = p_kind AND m.status <> 'cancelled'
           LIMIT 1) q ON p_only_unsent
)
SELECT d.id, d.party_id, d.sequence, d.number::text, d.currency::text, d.payable_amount, d.recipients, d.size,
       CASE WHEN d.party_id = ANY (p_excepted) THEN 'excluded'
            WHEN p_kind = 'delivery' AND p_gated AND d.validation_code = '04' THEN 'rejected'
            WHEN p_kind = 'delivery' AND p_gated AND d.is_electronic IS NOT TRUE THEN 'no_file'
            WHEN p_kind = 'delivery' AND p_gated AND d.validation_code <> '02' AND d.type_code <> '04' THEN 'not_validated'
            WHEN p_only_unsent AND d.accepted_at IS NOT NULL THEN 'sent_before'
            WHEN d.elsewhere THEN 'in_another'
            WHEN d.recipients IS NULL AND d.blocked_why IS NOT NULL THEN 'unusable_address'
            WHEN d.recipients IS NULL THEN 'no_address' END,
       CASE WHEN d.recipients IS NULL THEN left(d.blocked_why, 500) END,
       d.accepted_at, d.started_by_id
  FROM dated d
$$
"""

# One statement-level trigger counts for every statement that touches deliveries, so no writer can forget it.
TALLIES = """
CREATE FUNCTION mailings_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO mailings_tally (mailing_id, state, shard, deliveries, documents)
        SELECT mailing_id, mailings_tally_state(status), pg_backend_pid() % 16, count(*), sum(document_count)
          FROM now_rows GROUP BY 1, 2
        ON CONFLICT (mailing_id, state, shard) DO UPDATE
           SET deliveries = mailings_tally.deliveries + excluded.deliveries,
               documents = mailings_tally.documents + excluded.documents;
    ELSE
        INSERT INTO mailings_tally (mailing_id, state, shard, deliveries, documents)
        SELECT mailing_id, state, pg_backend_pid() % 16, sum(deliveries), sum(documents) FROM (
            SELECT n.mailing_id, mailings_tally_state(n.status) AS state, 1 AS deliveries, n.document_count AS documents
              FROM now_rows n JOIN was_rows w USING (id)
             WHERE mailings_tally_state(n.status) <> mailings_tally_state(w.status)
            UNION ALL
            SELECT w.mailing_id, mailings_tally_state(w.status), -1, -w.document_count
              FROM now_rows n JOIN was_rows w USING (id)
             WHERE mailings_tally_state(n.status) <> mailings_tally_state(w.status)) AS moved
         GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (mailing_id, state, shard) DO UPDATE
           SET deliveries = mailings_tally.deliveries + excluded.deliveries,
               documents = mailings_tally.documents + excluded.documents;
        INSERT INTO mailings_pace (mailing_id, at, shard, accepted)
        SELECT n.mailing_id, date_bin('10 seconds', clock_timestamp(), '2000-01-01Z'), pg_backend_pid() % 16, count(*)
          FROM now_rows n JOIN was_rows w USING (id)
         WHERE n.status = 'accepted' AND w.status <> 'accepted' GROUP BY 1
        ON CONFLICT (mailing_id, at, shard) DO UPDATE SET accepted = mailings_pace.accepted + excluded.accepted;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION mailings_tally_state(status text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN status IN ('claimed', 'transmitting') THEN 'pending' ELSE status END
$$;
CREATE TRIGGER mailings_tally_insert AFTER INSERT ON mailings_delivery
    REFERENCING NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION mailings_tally();
CREATE TRIGGER mailings_tally_update AFTER UPDATE ON mailings_delivery
    REFERENCING OLD TABLE AS was_rows NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION mailings_tally();
"""

APPEND_ONLY = """
CREATE TRIGGER mailings_event_append_only BEFORE UPDATE OR DELETE ON mailings_event
    FOR EACH ROW EXECUTE FUNCTION companies_append_only();
"""

# The database, too, refuses what crosses companies.
CROSSINGS = """
ALTER TABLE mailings_mailing ADD CONSTRAINT mailing_account_company FOREIGN KEY (company_id, account_id)
    REFERENCES transport_mailaccount (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_delivery ADD CONSTRAINT delivery_mailing_company FOREIGN KEY (company_id, mailing_id)
    REFERENCES mailings_mailing (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_delivery ADD CONSTRAINT delivery_party_company FOREIGN KEY (company_id, party_id)
    REFERENCES parties_party (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_deliveryinvoice ADD CONSTRAINT delivery_invoice_delivery_company FOREIGN KEY (company_id, delivery_id)
    REFERENCES mailings_delivery (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_deliveryinvoice ADD CONSTRAINT delivery_invoice_invoice_company FOREIGN KEY (company_id, invoice_id)
    REFERENCES invoices_invoice (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_event ADD CONSTRAINT event_delivery_company FOREIGN KEY (company_id, delivery_id)
    REFERENCES mailings_delivery (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_rendereddocument ADD CONSTRAINT rendered_mailing_company FOREIGN KEY (company_id, mailing_id)
    REFERENCES mailings_mailing (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_rendereddocument ADD CONSTRAINT rendered_invoice_company FOREIGN KEY (company_id, invoice_id)
    REFERENCES invoices_invoice (company_id, id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mailings", "0001_initial"),
        ("companies", "0002_append_only"),
        ("invoices", "0002_crossings"),
    ]
    operations = [
        migrations.RunSQL(SELECTION, "DROP FUNCTION mailings_selection"),
        migrations.RunSQL(
            TALLIES,
            "DROP TRIGGER mailings_tally_insert ON mailings_delivery; DROP TRIGGER mailings_tally_update ON mailings_delivery;"
            " DROP FUNCTION mailings_tally; DROP FUNCTION mailings_tally_state",
        ),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER mailings_event_append_only ON mailings_event"),
        migrations.RunSQL(CROSSINGS, migrations.RunSQL.noop),
    ]
