-- Where a mailing stands: one row, from counters; its cost does not grow with the mailing. A point of the curve counts the mails of
-- the minute that ended then, as a limit a minute does. One that is not going has no pace: it would begin now.
WITH clock AS (
    SELECT now() AS now, date_bin('10 seconds', now(), '2000-01-01Z') AS tick,
           CASE status WHEN 'sending' THEN changed_at ELSE now() END AS since
      FROM mailings_mailing WHERE id = %(mailing)s
)
SELECT coalesce((SELECT jsonb_object_agg(state, jsonb_build_array(deliveries, documents)) FROM (
           SELECT state, sum(deliveries) AS deliveries, sum(documents) AS documents
             FROM mailings_tally WHERE mailing_id = %(mailing)s GROUP BY state) AS states), '{}'),
       (SELECT count(*) FROM mailings_delivery WHERE mailing_id = %(mailing)s AND status = 'pending' AND retry_at > now()),
       (SELECT min(retry_at) FROM mailings_delivery WHERE mailing_id = %(mailing)s AND status = 'pending'),
       (SELECT max(retry_at) FROM mailings_delivery WHERE mailing_id = %(mailing)s AND status = 'pending'),
       EXISTS (SELECT FROM mailings_delivery WHERE mailing_id = %(mailing)s AND status IN ('claimed', 'transmitting')),
       (SELECT coalesce(sum(accepted), 0) FROM mailings_pace
         WHERE mailing_id = %(mailing)s AND at > greatest(since, now - interval '70 seconds') - interval '10 seconds'),
       (SELECT coalesce(jsonb_agg(accepted ORDER BY point), '[]') FROM (
           SELECT g.point, coalesce(sum(p.accepted), 0) AS accepted
             FROM generate_series(1, 18) AS g (point)
             LEFT JOIN mailings_pace p ON p.mailing_id = %(mailing)s
                   AND p.at >= tick - (18 - g.point) * interval '20 seconds' - interval '60 seconds'
                   AND p.at < tick - (18 - g.point) * interval '20 seconds'
            GROUP BY g.point) AS points),
       now, since
  FROM clock
