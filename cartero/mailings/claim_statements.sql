-- Takes up to %(limit)s statements that are still to be made; nobody waits for anybody, and who dies holds none for long.
UPDATE mailings_statement SET lease_until = now() + %(seconds)s * interval '1 second'
 WHERE id IN (SELECT id FROM mailings_statement
               WHERE run_id = %(run)s AND state = 'due' AND (lease_until IS NULL OR lease_until < now())
               ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
