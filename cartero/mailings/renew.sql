-- Keeps the lease of what a worker still has in hand.
WITH held AS MATERIALIZED (
    SELECT id, status, token, lease_until FROM mailings_delivery WHERE id = ANY (%(ids)s) ORDER BY id FOR NO KEY UPDATE
)
UPDATE mailings_delivery d SET lease_until = now() + make_interval(secs => %(lease)s)
  FROM held WHERE d.id = held.id AND held.token = %(token)s AND held.status IN ('claimed', 'transmitting') AND held.lease_until > now()
