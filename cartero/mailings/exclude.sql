-- Leaves a mail that has not left out of its mailing, or takes it back in; its invoices wait no more, or again.
WITH changed AS (
    UPDATE mailings_delivery
       SET status = %(status)s, reason = %(reason)s, reason_detail = '',
           retry_at = CASE WHEN retry_at IS NOT NULL THEN now() - interval '1 day' END,  -- else its part's turn comes later
           settled_at = CASE WHEN %(status)s = 'pending' THEN NULL ELSE now() END
     WHERE id = %(delivery)s AND status = %(source)s AND (status = 'pending' OR reason = 'excluded')
    RETURNING id, company_id, mailing_id, document_count
), told AS (
    INSERT INTO mailings_event (company_id, delivery_id, mailing_id, kind, reason, reply, at)
    SELECT company_id, id, mailing_id, %(kind)s, %(reason)s, '', clock_timestamp() FROM changed
), shown AS (
    UPDATE invoices_invoice i
       SET mail_status = CASE WHEN %(status)s = 'pending' THEN 'queued' ELSE 'unsent' END, mail_reason = '', mail_at = now()
      FROM changed c JOIN mailings_deliveryinvoice di ON di.delivery_id = c.id
           JOIN mailings_mailing m ON m.id = c.mailing_id
     WHERE i.id = di.invoice_id AND c.document_count > 0
       AND CASE WHEN %(status)s = 'pending' THEN i.mail_status = 'unsent' AND m.status IN ('sending', 'stopped')
                ELSE i.mail_status = 'queued' END
)
SELECT id FROM changed
