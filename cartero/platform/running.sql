-- The jobs of one name that are in the hands of workers which have given a sign of life in the last ten seconds.
SELECT j.id, j.args FROM procrastinate_jobs j JOIN procrastinate_workers w ON w.id = j.worker_id
 WHERE j.status = 'doing' AND j.task_name = %(task)s
   AND w.last_heartbeat BETWEEN now() - interval '10 seconds' AND now() + interval '10 seconds'
