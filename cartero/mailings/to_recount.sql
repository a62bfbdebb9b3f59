-- Sendings in which something changed since they were counted. A large one rests between counts: 100,000 mails for 50 seconds.
SELECT m.id FROM mailings_mailing m
  LEFT JOIN LATERAL (SELECT counted_at FROM mailings_breakdown b WHERE b.mailing_id = m.id LIMIT 1) AS last ON true
 WHERE m.id IN (SELECT mailing_id FROM mailings_recount)
   AND (last.counted_at IS NULL OR last.counted_at <= now() - make_interval(secs => m.deliveries_count / 2000.0))
 ORDER BY m.id
