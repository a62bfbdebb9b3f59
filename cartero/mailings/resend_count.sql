-- What sending mails again comes to, without registering anything: mails, those that go, documents left out by reason,
-- and when and by whom the newest of each went, the last first.
WITH chosen AS MATERIALIZED (
    SELECT * FROM mailings_resending(%(company)s, %(kind)s, %(gated)s, %(role)s, %(deliveries)s::bigint[], %(again)s)
), earlier AS (
    SELECT (sent_at AT TIME ZONE %(tz)s)::date AS day, sent_by, count(DISTINCT original) AS mails
      FROM chosen WHERE sent_at IS NOT NULL GROUP BY 1, 2 ORDER BY 1 DESC, 3 DESC LIMIT %(most)s
)
SELECT count(DISTINCT original),
       count(DISTINCT original) FILTER (WHERE left_out IS NULL),
       (SELECT jsonb_object_agg(left_out, many) FROM (SELECT left_out, count(*) AS many FROM chosen
         WHERE left_out IS NOT NULL GROUP BY left_out) AS reasons),
       (SELECT jsonb_agg(jsonb_build_array(day, coalesce(nullif(u.name, ''), u.email, 'Cartero'), mails) ORDER BY day DESC, mails DESC)
          FROM earlier LEFT JOIN accounts_user u ON u.id = earlier.sent_by)
  FROM chosen
