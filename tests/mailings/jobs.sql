-- The jobs of one name that wait.
SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND task_name = %(task)s
