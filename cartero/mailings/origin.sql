-- Which database this is: the number of its cluster, and its own in it. A restored backup has others.
SELECT (SELECT system_identifier FROM pg_control_system()), (SELECT oid::bigint FROM pg_database WHERE datname = current_database())
