-- Gives back what was claimed and has not been transmitted: after a stop, a pause or a planned end of the worker.
WITH held AS MATERIALIZED (
    SELECT id, status, token FROM mailings_delivery WHERE id = ANY (%(ids)s) ORDER BY id FOR NO KEY UPDATE
)
UPDATE mailings_delivery d SET status = 'pending', token = NULL, lease_until = NULL, claims = greatest(d.claims - 1, 0)
  FROM held WHERE d.id = held.id AND held.token = %(token)s AND held.status = 'claimed'
