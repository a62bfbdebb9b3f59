-- Moves all deliveries of a mailing from one status to another, with an event each; their invoices follow. None waits
-- again that goes in a resending, or went in one.
WITH held AS MATERIALIZED (
    SELECT id FROM mailings_delivery d WHERE mailing_id = %(mailing)s AND status = ANY (%(sources)s)
       AND NOT (%(target)s = 'pending' AND EXISTS (
           SELECT FROM mailings_delivery r WHERE r.resend_of_id = coalesce(d.resend_of_id, d.id) AND r.id > d.id
              AND r.status NOT IN ('failed', 'bounced', 'skipped', 'withdrawn')))
     ORDER BY id FOR NO KEY UPDATE
), moved AS (
    UPDATE mailings_delivery
       SET status = %(target)s, reason = %(reason)s, reason_detail = '', token = NULL, lease_until = NULL, claims = 0,
           attempts = CASE WHEN %(target)s = 'pending' THEN 0 ELSE attempts END,
           first_refused_at = CASE WHEN %(target)s = 'pending' THEN NULL ELSE first_refused_at END,
           retry_at = CASE WHEN %(target)s = 'pending' THEN now() - interval '1 day' END,
           settled_at = CASE WHEN %(target)s = 'pending' THEN NULL ELSE now() END
     WHERE id IN (SELECT id FROM held) AND status = ANY (%(sources)s)
    RETURNING id, company_id, mailing_id, document_count
), told AS (
    INSERT INTO mailings_event (company_id, delivery_id, mailing_id, kind, reason, reply, at)
    SELECT company_id, id, mailing_id, %(kind)s, %(reason)s, '', clock_timestamp() FROM moved
), shown AS (
    UPDATE invoices_invoice i SET mail_status = %(shown)s, mail_reason = '', mail_at = now()
      FROM moved m JOIN mailings_deliveryinvoice di ON di.delivery_id = m.id
     WHERE i.id = di.invoice_id AND m.document_count > 0 AND (%(target)s <> 'withdrawn' OR i.mail_status = 'queued')
)
SELECT count(*) FROM moved
