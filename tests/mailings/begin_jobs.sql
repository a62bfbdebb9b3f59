-- As if a worker, silent for %(silent)s seconds by now, had begun all the jobs of one name that wait.
WITH worker AS (
    INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %(silent)s * interval '1 second') RETURNING id
)
UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM worker) WHERE status = 'todo' AND task_name = %(task)s
RETURNING id
