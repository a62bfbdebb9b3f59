-- Takes free connection slots of an account, and keeps those that the worker has, up to %(wanted)s of the %(allowed)s there are.
WITH free AS (
    SELECT id FROM transport_connectionslot
     WHERE account_id = %(account)s AND position <= %(allowed)s
       AND (holder = %(holder)s OR holder IS NULL OR until < now()
            OR until > now() + make_interval(secs => 3 * %(seconds)s))
     ORDER BY (holder = %(holder)s) DESC NULLS LAST, position LIMIT %(wanted)s FOR UPDATE SKIP LOCKED
), beyond AS (
    UPDATE transport_connectionslot SET holder = NULL, until = NULL
     WHERE account_id = %(account)s AND holder = %(holder)s AND id NOT IN (SELECT id FROM free)
)
UPDATE transport_connectionslot SET holder = %(holder)s, until = now() + make_interval(secs => %(seconds)s)
 WHERE id IN (SELECT id FROM free) RETURNING id
