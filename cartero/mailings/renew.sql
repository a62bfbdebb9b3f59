-- Keeps the lease of what a worker still has in hand.
UPDATE mailings_delivery SET lease_until = now() + make_interval(secs => %(lease)s)
 WHERE id IN (SELECT id FROM mailings_delivery WHERE id = ANY (%(ids)s) ORDER BY id FOR NO KEY UPDATE)
   AND token = %(token)s AND status IN ('claimed', 'transmitting') AND lease_until > now()
