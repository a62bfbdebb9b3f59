-- The database's clock: the only one that limits, leases and schedules know.
SELECT clock_timestamp()
