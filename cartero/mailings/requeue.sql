-- Puts back failed deliveries that were blamed for what was their account's fault.
WITH held AS MATERIALIZED (
    SELECT id FROM mailings_delivery WHERE id = ANY (%(ids)s) ORDER BY id FOR NO KEY UPDATE
), moved AS (
    UPDATE mailings_delivery SET status = 'pending', reason = '', reason_detail = '', retry_at = now() - interval '1 day', settled_at = NULL,
           claims = 0,
           attempts = greatest(attempts - 1, 0)
     WHERE mailing_id = %(mailing)s AND id IN (SELECT id FROM held) AND status = 'failed'
    RETURNING id, company_id, mailing_id, document_count
), shown AS (
    UPDATE invoices_invoice i SET mail_status = 'queued', mail_reason = '', mail_at = now()
      FROM moved m JOIN mailings_deliveryinvoice di ON di.delivery_id = m.id WHERE i.id = di.invoice_id AND m.document_count > 0
)
INSERT INTO mailings_event (company_id, delivery_id, mailing_id, kind, reason, reply, at)
SELECT company_id, id, mailing_id, 'requeued', '', '', clock_timestamp() FROM moved
