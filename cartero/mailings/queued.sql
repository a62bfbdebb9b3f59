-- Shows as queued the invoices of a mailing that wait to go and have not gone before.
WITH waiting AS MATERIALIZED (
    SELECT i.id FROM mailings_delivery d JOIN mailings_deliveryinvoice di ON di.delivery_id = d.id
      JOIN invoices_invoice i ON i.id = di.invoice_id
     WHERE d.mailing_id = %(mailing)s AND d.status = 'pending' AND i.mail_status = 'unsent' ORDER BY i.id FOR NO KEY UPDATE OF i
)
UPDATE invoices_invoice SET mail_status = 'queued', mail_reason = '', mail_at = now()
 WHERE id IN (SELECT id FROM waiting) AND mail_status = 'unsent'
