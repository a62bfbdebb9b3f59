-- Takes deliveries whose mail has not been tried yet, and those whose worker died over it five minutes ago.
UPDATE mailings_delivery SET rehearsal = 'running', rehearsal_at = now()
 WHERE id IN (SELECT id FROM mailings_delivery
               WHERE mailing_id = %(mailing)s AND status = 'pending'
                 AND (rehearsal = 'due' OR (rehearsal = 'running' AND rehearsal_at < now() - interval '5 minutes'))
               ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
