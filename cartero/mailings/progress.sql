-- Where a mailing stands: one row, from counters; its cost does not grow with the mailing.
SELECT coalesce((SELECT jsonb_object_agg(state, jsonb_build_array(deliveries, documents)) FROM (
           SELECT state, sum(deliveries) AS deliveries, sum(documents) AS documents
             FROM mailings_tally WHERE mailing_id = %(mailing)s GROUP BY state) AS states), '{}'),
       (SELECT count(*) FROM mailings_delivery WHERE mailing_id = %(mailing)s AND status = 'pending' AND retry_at > now()),
       (SELECT min(retry_at) FROM mailings_delivery WHERE mailing_id = %(mailing)s AND status = 'pending'),
       (SELECT coalesce(sum(accepted), 0) FROM mailings_pace
         WHERE mailing_id = %(mailing)s AND at > now() - interval '70 seconds' AND at <= now() - interval '10 seconds'),
       (SELECT coalesce(jsonb_agg(accepted ORDER BY bin), '[]') FROM (
           SELECT b.bin, coalesce(sum(p.accepted), 0) AS accepted
             FROM generate_series(1, 18) AS b (bin)
             LEFT JOIN mailings_pace p ON p.mailing_id = %(mailing)s
                   AND p.at > now() - (19 - b.bin) * interval '20 seconds' - interval '10 seconds'
                   AND p.at <= now() - (18 - b.bin) * interval '20 seconds' - interval '10 seconds'
            GROUP BY b.bin) AS bins),
       now()
