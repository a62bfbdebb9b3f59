-- Mailings that ended in the last hour, by the database's clock.
SELECT id FROM mailings_mailing WHERE status IN ('finished', 'cancelled') AND finished_at > now() - interval '1 hour'
