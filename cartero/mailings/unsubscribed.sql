-- Takes from copies that have not left the addresses whose readers want no more of them. A mail that is left with none is left out, the
-- others wait; a worker that holds one makes it anew. Legal deliveries are none of this.
WITH asked AS MATERIALIZED (
    SELECT d.id, d."to", d.document_count, left_with.rest, left_with.gone
      FROM mailings_delivery d
      JOIN mailings_mailing m ON m.id = d.mailing_id AND m.kind = 'copy'
     CROSS JOIN LATERAL (
         SELECT coalesce(array_agg(t.email ORDER BY t.place) FILTER (WHERE a.id IS NULL), '{}') AS rest, min(a.email) AS gone
           FROM unnest(d."to") WITH ORDINALITY AS t (email, place)
           LEFT JOIN parties_address a ON a.party_id = d.party_id AND a.email = t.email AND a.unsubscribed_at IS NOT NULL) AS left_with
     WHERE d.id = ANY (%(ids)s) AND d.status IN ('pending', 'claimed') AND left_with.gone IS NOT NULL
     ORDER BY d.id FOR NO KEY UPDATE OF d
), changed AS (
    UPDATE mailings_delivery d
       SET "to" = CASE WHEN asked.rest = '{}' THEN d."to" ELSE asked.rest END,
           status = CASE WHEN asked.rest = '{}' THEN 'skipped' ELSE 'pending' END,
           reason = CASE WHEN asked.rest = '{}' THEN 'unusable_address' ELSE d.reason END,
           reason_detail = CASE WHEN asked.rest = '{}' THEN asked.gone || ': unsubscribed' ELSE d.reason_detail END,
           settled_at = CASE WHEN asked.rest = '{}' THEN now() END,
           claims = greatest(d.claims - (d.status = 'claimed')::int, 0), token = NULL, lease_until = NULL
      FROM asked WHERE d.id = asked.id AND d.status IN ('pending', 'claimed')
    RETURNING d.id, d.company_id, d.mailing_id, d.status, asked."to" AS was, asked.rest, asked.document_count
), told AS (
    INSERT INTO mailings_event (company_id, delivery_id, mailing_id, kind, reason, reply, at)
    SELECT company_id, id, mailing_id,
           CASE WHEN status = 'skipped' THEN 'excluded' ELSE 'readdressed' END,
           CASE WHEN status = 'skipped' THEN 'unusable_address' ELSE 'unsubscribed' END,
           CASE WHEN status = 'skipped' THEN ''
                ELSE left(array_to_string(was, ', ') || ' → ' || array_to_string(rest, ', '), 500) END, clock_timestamp()
      FROM changed
), shown AS (
    UPDATE invoices_invoice i SET mail_status = 'unsent', mail_reason = '', mail_at = now()
      FROM changed c JOIN mailings_deliveryinvoice di ON di.delivery_id = c.id
     WHERE c.status = 'skipped' AND c.document_count > 0 AND i.id = di.invoice_id AND i.mail_status = 'queued'
)
SELECT id FROM changed
