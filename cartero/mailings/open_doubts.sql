-- Opens the search for each delivery that has come into doubt, and closes those that their own worker settled after all.
WITH closed AS (
    DELETE FROM mailings_doubt o USING mailings_delivery d WHERE d.id = o.delivery_id AND d.status <> 'in_doubt'
)
INSERT INTO mailings_doubt (company_id, delivery_id, since, look_at, absent_from)
SELECT d.company_id, d.id, coalesce((SELECT max(e.at) FROM mailings_event e WHERE e.delivery_id = d.id AND e.kind = 'in_doubt'), now()),
       now(), ''
  FROM mailings_delivery d
 WHERE d.status = 'in_doubt' AND NOT EXISTS (SELECT FROM mailings_doubt o WHERE o.delivery_id = d.id)
ON CONFLICT (delivery_id) DO NOTHING
