-- Takes over what dead or frozen workers left: claimed is safe to send again, transmitting is in doubt and never goes back by itself.
WITH dead AS (
    SELECT id, status FROM mailings_delivery
     WHERE status IN ('claimed', 'transmitting') AND (lease_until < now() OR lease_until > now() + make_interval(secs => 3 * %(lease)s))  -- or the clock was set back
     ORDER BY id LIMIT 5000 FOR UPDATE SKIP LOCKED
), moved AS (
    UPDATE mailings_delivery d
       SET status = CASE WHEN dead.status = 'claimed' THEN 'pending' ELSE 'in_doubt' END,
           reason = CASE WHEN dead.status = 'claimed' THEN d.reason ELSE 'worker_died' END,
           lease_until = NULL, token = CASE WHEN dead.status = 'claimed' THEN NULL ELSE d.token END,
           settled_at = NULL, retry_at = CASE WHEN dead.status = 'claimed' THEN now() - interval '1 day' END  -- behind those that killed nobody
      FROM dead WHERE d.id = dead.id
    RETURNING d.id, d.company_id, d.mailing_id, d.status, d.document_count
), told AS (
    INSERT INTO mailings_event (company_id, delivery_id, mailing_id, kind, reason, reply, at)
    SELECT company_id, id, mailing_id, 'in_doubt', 'worker_died', '', clock_timestamp() FROM moved WHERE status = 'in_doubt'
), shown AS (
    UPDATE invoices_invoice i SET mail_status = 'in_doubt', mail_reason = 'worker_died', mail_at = now()
      FROM moved m JOIN mailings_deliveryinvoice di ON di.delivery_id = m.id
     WHERE i.id = di.invoice_id AND m.status = 'in_doubt' AND m.document_count > 0
)
SELECT id, status FROM moved
