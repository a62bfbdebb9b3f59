-- Gives back what was claimed and has not been transmitted: after a stop, a pause or a planned end of the worker.
UPDATE mailings_delivery SET status = 'pending', token = NULL, lease_until = NULL, claims = greatest(claims - 1, 0)
 WHERE id IN (SELECT id FROM mailings_delivery WHERE id = ANY (%(ids)s) ORDER BY id FOR NO KEY UPDATE)
   AND token = %(token)s AND status = 'claimed'
