-- Workers that have given a sign of life in the last ten seconds.
SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat BETWEEN now() - interval '10 seconds' AND now() + interval '10 seconds'
