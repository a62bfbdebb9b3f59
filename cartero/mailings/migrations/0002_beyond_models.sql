-- The database, too, refuses a row that joins two companies: a foreign key takes the company along.
ALTER TABLE mailings_mailing
    ADD CONSTRAINT mailing_account_company FOREIGN KEY (company_id, account_id)
        REFERENCES transport_mailaccount (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_delivery
    ADD CONSTRAINT delivery_mailing_company FOREIGN KEY (company_id, mailing_id)
        REFERENCES mailings_mailing (company_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT delivery_party_company FOREIGN KEY (company_id, party_id)
        REFERENCES parties_party (company_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT delivery_resend_company FOREIGN KEY (company_id, resend_of_id)
        REFERENCES mailings_delivery (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_deliveryinvoice
    ADD CONSTRAINT delivery_invoice_delivery_company FOREIGN KEY (company_id, delivery_id)
        REFERENCES mailings_delivery (company_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT delivery_invoice_invoice_company FOREIGN KEY (company_id, invoice_id)
        REFERENCES invoices_invoice (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_event
    ADD CONSTRAINT event_delivery_company FOREIGN KEY (company_id, delivery_id)
        REFERENCES mailings_delivery (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_answer
    ADD CONSTRAINT answer_delivery_company FOREIGN KEY (company_id, delivery_id)
        REFERENCES mailings_delivery (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_doubt
    ADD CONSTRAINT doubt_delivery_company FOREIGN KEY (company_id, delivery_id)
        REFERENCES mailings_delivery (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_sentmail
    ADD CONSTRAINT sent_mail_delivery_company FOREIGN KEY (company_id, delivery_id)
        REFERENCES mailings_delivery (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_recipe
    ADD CONSTRAINT recipe_mailing_company FOREIGN KEY (company_id, mailing_id)
        REFERENCES mailings_mailing (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_rendereddocument
    ADD CONSTRAINT rendered_mailing_company FOREIGN KEY (company_id, mailing_id)
        REFERENCES mailings_mailing (company_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT rendered_invoice_company FOREIGN KEY (company_id, invoice_id)
        REFERENCES invoices_invoice (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_breakdown
    ADD CONSTRAINT breakdown_mailing_company FOREIGN KEY (company_id, mailing_id)
        REFERENCES mailings_mailing (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_recount
    ADD CONSTRAINT recount_mailing_company FOREIGN KEY (company_id, mailing_id)
        REFERENCES mailings_mailing (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailings_attestation
    ADD CONSTRAINT attestation_invoice_company FOREIGN KEY (company_id, invoice_id)
        REFERENCES invoices_invoice (company_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT attestation_party_company FOREIGN KEY (company_id, party_id)
        REFERENCES parties_party (company_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT attestation_mailing_company FOREIGN KEY (company_id, mailing_id)
        REFERENCES mailings_mailing (company_id, id) DEFERRABLE INITIALLY DEFERRED;
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

-- What became of a mail is never rewritten.
CREATE TRIGGER mailings_event_append_only BEFORE UPDATE OR DELETE ON mailings_event
    FOR EACH ROW EXECUTE FUNCTION companies_append_only();

-- Nobody looks for these by their content: ANALYZE would unpack and compare them again and again while mails go.
ALTER TABLE mailings_delivery
    ALTER "to" SET STATISTICS 0, ALTER attached SET STATISTICS 0, ALTER proof SET STATISTICS 0,
    ALTER reason_detail SET STATISTICS 0, ALTER rehearsal_detail SET STATISTICS 0;

-- What progress shows of a status: whose turn a mail is makes no difference to it.
CREATE FUNCTION mailings_tally_state(status text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN status IN ('claimed', 'transmitting') THEN 'pending' ELSE status END
$$;

-- One statement-level trigger counts for every statement that touches deliveries, so no writer can forget it. A sum is
-- kept in pieces, by connection, so that workers seldom wait for each other.
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
CREATE TRIGGER mailings_tally_insert AFTER INSERT ON mailings_delivery
    REFERENCING NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION mailings_tally();
CREATE TRIGGER mailings_tally_update AFTER UPDATE ON mailings_delivery
    REFERENCING OLD TABLE AS was_rows NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION mailings_tally();

-- Which breakdowns are no longer true. It appends, so that workers never wait for each other; `breakdowns.refresh` takes
-- the marks away before it counts.
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

-- Whoever changes a document, a conflict or another import: no mail goes with a PDF that was drawn before.
CREATE FUNCTION mailings_forget_drawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM mailings_rendereddocument r USING now_rows n JOIN was_rows w USING (invoice_id)
     WHERE r.invoice_id = n.invoice_id AND n.data <> w.data;
    RETURN NULL;
END $$;
CREATE TRIGGER mailings_forget_drawn AFTER UPDATE ON invoices_invoicecontent
    REFERENCING OLD TABLE AS was_rows NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION mailings_forget_drawn();

-- The documents that a selection speaks of, whether they go or not. This and the next are stable and plain SQL, so that
-- the planner inlines them and sees the arguments as constants.
CREATE FUNCTION mailings_in_range(
    p_company bigint, p_period date, p_document_kind text, p_prefix text, p_number_from bigint, p_number_to bigint,
    p_date_from date, p_date_to date, p_parties bigint[], p_in_group bigint, p_invoices bigint[], p_with_balance boolean,
    p_overdue_on date)
RETURNS SETOF invoices_invoice LANGUAGE sql STABLE AS $$
SELECT i.* FROM invoices_invoice i
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
$$;

-- What a mailing would take, a row a document: to whom it goes, or why it is left out. An address is usable unless it is
-- known not to be; one that asked for no copies and reminders gets none, but legal deliveries as before. Addresses, files
-- and what was sent before are fenced, each step from the row before it, so that a selection costs what its documents
-- do: left to itself the planner goes through all files of the company for a few documents or, on a table that has grown
-- since it was last analyzed, through all deliveries of a mailing for each, and registering becomes quadratic.
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
      FROM mailings_in_range(p_company, p_period, p_document_kind, p_prefix, p_number_from, p_number_to, p_date_from, p_date_to,
                             p_parties, p_in_group, p_invoices, p_with_balance, p_overdue_on) i
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
      LEFT JOIN LATERAL (
          SELECT array_agg(a.email ORDER BY a.is_principal DESC, a.id) FILTER (
                     WHERE a.is_usable AND a.is_typed AND (p_role = ANY (a.roles) OR 'copia' = ANY (a.roles))) AS for_role,
                 bool_or(a.is_usable AND a.is_typed AND p_role = ANY (a.roles)) AS has_role,
                 array_agg(a.email ORDER BY a.is_principal DESC, a.id) FILTER (
                     WHERE a.is_usable AND a.is_typed AND ('facturas' = ANY (a.roles) OR 'copia' = ANY (a.roles))) AS for_invoices,
                 bool_or(a.is_usable AND a.is_typed AND 'facturas' = ANY (a.roles)) AS has_invoices,
                 array_agg(a.email) FILTER (WHERE a.is_usable AND a.is_principal) AS principal,
                 array_agg(a.email::text) FILTER (WHERE NOT a.is_usable) AS blocked,
                 (array_agg(a.email || ': ' || CASE WHEN a.state IN ('pending', 'validated', 'doubtful') THEN 'unsubscribed'
                                                    ELSE a.state_reason END)
                     FILTER (WHERE NOT a.is_usable AND a.state <> 'replaced'))[1] AS blocked_why
            FROM (SELECT id, email, roles, is_principal, state, state_reason, origin = 'typed' AS is_typed,
                         state IN ('pending', 'validated', 'doubtful')
                             AND (p_kind <> 'copy' OR unsubscribed_at IS NULL) AS is_usable
                    FROM parties_address WHERE party_id = i.party_id OFFSET 0) a) k ON true
      LEFT JOIN LATERAL (
          SELECT sum(f.size) AS size, bool_or(f.role IN ('container', 'xml')) AS is_electronic,
                 bool_or(f.role = 'pdf') AS has_pdf
            FROM (SELECT size, role FROM invoices_invoicefile
                   WHERE invoice_id = i.id AND role IN ('container', 'xml', 'pdf', 'annex') OFFSET 0) f) f ON true
), dated AS (
    SELECT a.*, s.accepted_at, s.started_by_id, q.elsewhere
      FROM addressed a
      LEFT JOIN LATERAL (
          SELECT d.accepted_at, m.started_by_id
            FROM (SELECT delivery_id FROM mailings_deliveryinvoice
                   WHERE invoice_id = a.id AND a.mail_status <> 'unsent' OFFSET 0) di,
                 LATERAL (SELECT accepted_at, mailing_id FROM mailings_delivery WHERE id = di.delivery_id OFFSET 0) d,
                 LATERAL (SELECT started_by_id, kind FROM mailings_mailing WHERE id = d.mailing_id OFFSET 0) m
           WHERE d.accepted_at IS NOT NULL AND m.kind = p_kind
           ORDER BY d.accepted_at DESC LIMIT 1) s ON a.mail_status <> 'unsent'
      LEFT JOIN LATERAL (
          SELECT true AS elsewhere
            FROM (SELECT delivery_id FROM mailings_deliveryinvoice
                   WHERE invoice_id = a.id AND p_only_unsent OFFSET 0) di,
                 LATERAL (SELECT status, mailing_id FROM mailings_delivery WHERE id = di.delivery_id OFFSET 0) d,
                 LATERAL (SELECT status, kind FROM mailings_mailing WHERE id = d.mailing_id OFFSET 0) m
           WHERE d.status IN ('pending', 'claimed', 'transmitting', 'in_doubt')
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
$$;

-- What comes of sending mails again, a row a document: where it goes today, and why not. `first` is the mail that the
-- new one is tied to. The same content is what no document of the mail was replaced since; it is at an address when a
-- server took it over for that address and it has not come back.
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
$$;

-- Each document with what it adds to what its tercero owes: its balance, else its total. A note lowers that by what is
-- left of it. Where that is unknown it lowers by its total, unless it has been used: the balance of what it corrects is
-- known, or, where it does not say what that is, any balance of its tercero in its currency.
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
$$;

-- The terceros of a run of statements, what each owes by currency, and why one gets no statement.
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
$$;
