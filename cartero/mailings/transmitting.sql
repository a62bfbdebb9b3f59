-- Step 5: marks the mails that are about to go. Only what this returns may be sent: a lost lease or a stopped mailing returns nothing.
-- The mailing is locked, so that whoever stops it waits until what was marked is known, and after that nothing is marked any more.
WITH going AS MATERIALIZED (
    SELECT id FROM mailings_mailing WHERE id = %(mailing)s AND status = 'sending' FOR SHARE
), held AS MATERIALIZED (
    SELECT d.id, d.status, d.token, d.lease_until
      FROM going, mailings_delivery d WHERE d.id = ANY (%(ids)s) ORDER BY d.id FOR NO KEY UPDATE OF d
)
UPDATE mailings_delivery d SET status = 'transmitting', lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
  FROM held WHERE d.id = held.id AND held.status = 'claimed' AND held.token = %(token)s AND held.lease_until > clock_timestamp()
RETURNING d.id
