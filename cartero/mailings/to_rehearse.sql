-- Takes deliveries past that one whose mail has not been tried yet, and those whose worker died over it five minutes ago. Asked
-- for as a range, or the planner would look for this sending among all ids.
UPDATE mailings_delivery SET rehearsal = 'running', rehearsal_at = now()
 WHERE id IN (SELECT id FROM mailings_delivery
               WHERE (mailing_id, id) > (%(mailing)s, %(past)s) AND mailing_id <= %(mailing)s AND status = 'pending'
                 AND (rehearsal = 'due' OR (rehearsal = 'running' AND rehearsal_at < now() - interval '5 minutes'))
               ORDER BY mailing_id, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
