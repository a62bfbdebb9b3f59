-- Takes up to %(limit)s due deliveries of a mailing for one worker, and of the last ones a share; nobody waits for anybody. A
-- delivery that three workers have claimed and none has brought to its end is taken alone, so that it can only hurt itself; twice,
-- and it fails.
WITH lot AS (
    SELECT least(%(limit)s, greatest(%(few)s, count(*) / %(share)s)) FROM (
        SELECT FROM mailings_delivery WHERE mailing_id = %(mailing)s AND status = 'pending' AND retry_at <= now()
         LIMIT %(limit)s * %(share)s) AS waiting
), due AS (
    SELECT id, claims FROM mailings_delivery
     WHERE mailing_id = %(mailing)s AND status = 'pending' AND retry_at <= now()
       AND EXISTS (SELECT FROM mailings_mailing WHERE id = %(mailing)s AND status = 'sending')
     ORDER BY retry_at, id LIMIT (SELECT * FROM lot) FOR UPDATE SKIP LOCKED
), taken AS (
    SELECT id FROM due WHERE claims < 3
    UNION ALL
    SELECT id FROM (SELECT id FROM due WHERE claims IN (3, 4) LIMIT 1) AS suspect WHERE NOT EXISTS (SELECT FROM due WHERE claims < 3)
       AND %(alone)s
), given_up AS (
    UPDATE mailings_delivery SET status = 'failed', reason = 'kills_worker', claims = 0, settled_at = now()
     WHERE id IN (SELECT id FROM due WHERE claims > 4) RETURNING id, company_id, mailing_id, document_count
), told AS (
    INSERT INTO mailings_event (company_id, delivery_id, mailing_id, kind, reason, reply, at)
    SELECT company_id, id, mailing_id, 'failed', 'kills_worker', '', clock_timestamp() FROM given_up
), shown AS (
    UPDATE invoices_invoice i SET mail_status = 'failed', mail_reason = 'kills_worker', mail_at = now()
      FROM given_up g JOIN mailings_deliveryinvoice di ON di.delivery_id = g.id
     WHERE i.id = di.invoice_id AND g.document_count > 0
)
UPDATE mailings_delivery SET status = 'claimed', token = %(token)s, claims = claims + 1,
       lease_until = now() + make_interval(secs => %(lease)s)
 WHERE id IN (SELECT id FROM taken) RETURNING id
