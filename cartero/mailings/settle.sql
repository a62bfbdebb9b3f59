-- Settles a doubt, by evidence or by a person: it arrived, or it goes out again.
WITH settled AS (
    UPDATE mailings_delivery
       SET status = %(status)s, reason = '', reason_detail = '', token = NULL, lease_until = NULL,
           retry_at = CASE WHEN %(status)s = 'pending' THEN now() - interval '1 day' END,
           accepted_at = CASE WHEN %(status)s = 'accepted' THEN now() END,
           settled_at = CASE WHEN %(status)s = 'pending' THEN NULL ELSE now() END
     WHERE id = %(delivery)s AND status = 'in_doubt'
    RETURNING id, company_id, mailing_id, document_count
), told AS (
    INSERT INTO mailings_event (company_id, delivery_id, mailing_id, kind, reason, reply, at)
    SELECT company_id, id, mailing_id, 'settled', %(reason)s, '', clock_timestamp() FROM settled
), shown AS (
    UPDATE invoices_invoice i SET mail_status = %(shown)s, mail_reason = '', mail_at = now()
      FROM settled s JOIN mailings_deliveryinvoice di ON di.delivery_id = s.id WHERE i.id = di.invoice_id AND s.document_count > 0
)
SELECT id FROM settled
