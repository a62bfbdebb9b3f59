-- Lays out the connection slots of an account; those that are there stay.
INSERT INTO transport_connectionslot (account_id, position)
SELECT %(account)s, position FROM generate_series(1, %(allowed)s) AS position
ON CONFLICT (account_id, position) DO NOTHING
