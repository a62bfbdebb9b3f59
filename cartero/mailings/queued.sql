-- Shows as queued the invoices of a mailing that wait to go and have not gone before.
UPDATE invoices_invoice i SET mail_status = 'queued', mail_reason = '', mail_at = now()
  FROM mailings_delivery d JOIN mailings_deliveryinvoice di ON di.delivery_id = d.id
 WHERE d.mailing_id = %(mailing)s AND d.status = 'pending' AND i.id = di.invoice_id AND i.mail_status = 'unsent'
