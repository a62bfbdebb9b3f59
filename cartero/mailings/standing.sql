-- How far sendings are, by their counters: the one of its company that has been going on the longest and, where one is
-- asked for, that one too. `sendings` are going on; mails in mid-air are asked of the latter alone.
WITH oldest AS (
    SELECT id, count(*) OVER () AS sendings FROM mailings_mailing
     WHERE company_id = %(company)s AND status = 'sending' ORDER BY started_at, id LIMIT 1
)
SELECT m.id, m.number, m.status, coalesce(m.id = o.id, false), coalesce(o.sendings, 0),
       m.id = %(asked)s AND EXISTS (
           SELECT FROM mailings_delivery WHERE mailing_id = m.id AND status IN ('claimed', 'transmitting')),
       (SELECT coalesce(jsonb_object_agg(state, mails), '{}') FROM (
           SELECT state, sum(deliveries) AS mails FROM mailings_tally WHERE mailing_id = m.id GROUP BY state) AS states)
  FROM mailings_mailing m LEFT JOIN oldest o ON true
 WHERE m.company_id = %(company)s AND m.id IN (o.id, %(asked)s)
