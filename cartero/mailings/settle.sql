-- Ends doubts of a mailing, of some or of all: accepted, sent again or withdrawn. Its counts of attempts begin anew; its history stays.
WITH settled AS (
    UPDATE mailings_delivery
       SET status = %(status)s, reason = CASE WHEN %(status)s = 'withdrawn' THEN 'cancelled' ELSE '' END, reason_detail = '',
           token = NULL, lease_until = NULL,
           attempts = CASE WHEN %(status)s = 'pending' THEN 0 ELSE attempts END,
           first_refused_at = CASE WHEN %(status)s = 'pending' THEN NULL ELSE first_refused_at END,
           retry_at = CASE WHEN %(status)s = 'pending' THEN now() - interval '1 day' END,
           accepted_at = CASE WHEN %(status)s = 'accepted' THEN now() END,
           settled_at = CASE WHEN %(status)s = 'pending' THEN NULL ELSE now() END
     WHERE mailing_id = %(mailing)s AND status = 'in_doubt' AND (%(ids)s::bigint[] IS NULL OR id = ANY (%(ids)s::bigint[]))
    RETURNING id, company_id, mailing_id, document_count
), told AS (
    INSERT INTO mailings_event (company_id, delivery_id, mailing_id, kind, reason, reply, at)
    SELECT company_id, id, mailing_id, 'settled', %(reason)s, %(words)s, clock_timestamp() FROM settled
), shown AS (
    UPDATE invoices_invoice i SET mail_status = %(shown)s, mail_reason = '', mail_at = now()
      FROM settled s JOIN mailings_deliveryinvoice di ON di.delivery_id = s.id WHERE i.id = di.invoice_id AND s.document_count > 0
), closed AS (
    DELETE FROM mailings_doubt WHERE delivery_id IN (SELECT id FROM settled)
)
SELECT id FROM settled ORDER BY id
