-- As if the queue had lost all it held.
DELETE FROM procrastinate_jobs
