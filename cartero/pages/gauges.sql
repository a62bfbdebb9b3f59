-- All that /metrics shows, in one statement: gauge, its label, its value. Deliveries and mails come from counters, not from their rows.
WITH jobs AS (
    SELECT id, status, scheduled_at, scheduled_at > now() AS is_later FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
), oldest AS (
    SELECT j.id, coalesce(j.scheduled_at, (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id), now()) AS since
      FROM jobs j WHERE j.status = 'todo' AND j.is_later IS NOT TRUE ORDER BY j.id LIMIT 1
)
SELECT 'cartero_deliveries', state, sum(deliveries)::float FROM mailings_tally GROUP BY state
UNION ALL
SELECT 'cartero_mailings', status, count(*) FROM mailings_mailing GROUP BY status
UNION ALL
SELECT 'cartero_mails_accepted_last_minute', '', coalesce(sum(p.accepted), 0) FROM mailings_mailing m
  JOIN mailings_pace p ON p.mailing_id = m.id AND p.at > now() - interval '70 seconds' AND p.at <= now() - interval '10 seconds'
 WHERE m.status = 'sending' OR m.changed_at > now() - interval '2 minutes'
UNION ALL
SELECT 'cartero_jobs', label, count(j.id) FROM (VALUES ('waiting'), ('later'), ('doing')) AS kinds (label)
  LEFT JOIN jobs j ON label = CASE WHEN j.status = 'doing' THEN 'doing' WHEN j.is_later THEN 'later' ELSE 'waiting' END
 GROUP BY label
UNION ALL
SELECT 'cartero_oldest_job_seconds', '', coalesce(extract(epoch FROM now() - min(since)), 0) FROM oldest
UNION ALL
SELECT 'cartero_workers', '', count(*) FROM procrastinate_workers
 WHERE last_heartbeat BETWEEN now() - interval '10 seconds' AND now() + interval '10 seconds'
UNION ALL
SELECT 'cartero_accounts_paused', '', count(*) FROM transport_mailaccount WHERE is_active AND paused_until > now()
UNION ALL
SELECT 'cartero_doubts_open', '', count(*) FROM mailings_doubt
UNION ALL
SELECT 'cartero_imports', label, count(i.id) FROM (VALUES ('received'), ('reading'), ('needs_mapping')) AS kinds (label)
  LEFT JOIN importing_import i ON i.status = label GROUP BY label
UNION ALL
SELECT 'cartero_database_bytes', '', pg_database_size(current_database())
UNION ALL
SELECT 'cartero_database_connections', '', count(*) FROM pg_stat_activity WHERE datname = current_database()
UNION ALL
SELECT 'cartero_database_connections_allowed', '', current_setting('max_connections')::int
