-- What came back for a mail that had gone: its event, its status where that moves, the first view of a person, and what its invoices
-- show, where no newer mail of theirs says otherwise.
WITH held AS MATERIALIZED (
    SELECT id, status = ANY (%(sources)s::text[]) AS moves FROM mailings_delivery
     WHERE id = %(delivery)s AND company_id = %(company)s AND status = ANY (%(sent)s) FOR NO KEY UPDATE
), moved AS (
    UPDATE mailings_delivery d
       SET status = CASE WHEN h.moves THEN %(target)s ELSE d.status END,
           reason = CASE WHEN h.moves THEN %(reason)s ELSE d.reason END,
           reason_detail = CASE WHEN h.moves THEN %(words)s ELSE d.reason_detail END,
           viewed_at = CASE WHEN %(kind)s = 'viewed' THEN coalesce(d.viewed_at, %(at)s, now()) ELSE d.viewed_at END
      FROM held h WHERE d.id = h.id
    RETURNING d.id, d.company_id, d.mailing_id, d.document_count, d.status, d.reason, d.viewed_at
), told AS (
    INSERT INTO mailings_event (company_id, delivery_id, mailing_id, kind, reason, reply_code, reply, at)
    SELECT company_id, id, mailing_id, %(kind)s, %(reason)s, %(code)s::int, %(words)s, coalesce(%(at)s, clock_timestamp()) FROM moved
), carried AS MATERIALIZED (
    SELECT i.id FROM mailings_deliveryinvoice di JOIN invoices_invoice i ON i.id = di.invoice_id
     WHERE di.delivery_id = %(delivery)s
       AND NOT EXISTS (SELECT FROM mailings_deliveryinvoice newer JOIN mailings_delivery nd ON nd.id = newer.delivery_id
                        WHERE newer.invoice_id = di.invoice_id AND newer.delivery_id > di.delivery_id AND nd.document_count > 0
                          AND nd.status NOT IN ('skipped', 'withdrawn'))
     ORDER BY i.id FOR NO KEY UPDATE OF i
), shown AS (
    UPDATE invoices_invoice i
       SET mail_status = CASE WHEN m.status = 'bounced' THEN 'bounced' WHEN m.viewed_at IS NOT NULL THEN 'viewed'
                              WHEN m.status = 'complained' THEN 'delivered' ELSE m.status END,
           mail_reason = m.reason, mail_at = now()
      FROM moved m, carried c
     WHERE i.id = c.id AND m.document_count > 0 AND (%(target)s::text IS NOT NULL OR %(kind)s = 'viewed')
)
SELECT id FROM moved
