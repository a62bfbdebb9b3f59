-- Takes up to %(limit)s due deliveries of a mailing for one worker; nobody waits for anybody. A delivery that three
-- workers have claimed and none has brought to its end is taken alone, so that it can only hurt itself.
WITH due AS (
    SELECT id, claims FROM mailings_delivery
     WHERE mailing_id = %(mailing)s AND status = 'pending' AND retry_at <= now()
       AND EXISTS (SELECT FROM mailings_mailing WHERE id = %(mailing)s AND status = 'sending')
     ORDER BY retry_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), taken AS (
    SELECT id FROM due WHERE claims < 3
    UNION ALL
    SELECT id FROM (SELECT id FROM due WHERE claims >= 3 LIMIT 1) AS suspect WHERE NOT EXISTS (SELECT FROM due WHERE claims < 3)
)
UPDATE mailings_delivery SET status = 'claimed', token = %(token)s, claims = claims + 1,
       lease_until = now() + make_interval(secs => %(lease)s)
 WHERE id IN (SELECT id FROM taken) RETURNING id
