-- Takes up to %(limit)s due looks of an account for one worker; should it die, they are due again a little later.
UPDATE mailings_doubt SET look_at = now() + interval '3 minutes'
 WHERE id IN (SELECT o.id FROM mailings_doubt o JOIN mailings_delivery d ON d.id = o.delivery_id AND d.status = 'in_doubt'
                JOIN mailings_mailing m ON m.id = d.mailing_id
               WHERE m.account_id = %(account)s AND o.look_at <= now()
               ORDER BY o.look_at, o.id LIMIT %(limit)s FOR UPDATE OF o SKIP LOCKED)
RETURNING id
