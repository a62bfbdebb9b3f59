-- Step 5: marks the mails that are about to go. Only what this returns may be sent: a lost lease or a stopped mailing returns nothing.
-- The mailing is locked, so that whoever stops it waits until what was marked is known, and after that nothing is marked any more.
WITH going AS MATERIALIZED (
    SELECT id FROM mailings_mailing WHERE id = %(mailing)s AND status = 'sending' FOR SHARE
), held AS MATERIALIZED (
    SELECT d.id FROM going, mailings_delivery d WHERE d.id = ANY (%(ids)s) ORDER BY d.id FOR NO KEY UPDATE OF d
)
UPDATE mailings_delivery SET status = 'transmitting', lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
 WHERE id IN (SELECT id FROM held) AND status = 'claimed' AND token = %(token)s AND lease_until > clock_timestamp()
RETURNING id
