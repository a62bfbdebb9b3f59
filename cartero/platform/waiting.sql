-- Whether a job of one name could begin now and has not.
SELECT EXISTS (SELECT FROM procrastinate_jobs
                WHERE status = 'todo' AND task_name = %(task)s AND (scheduled_at IS NULL OR scheduled_at <= now()))
