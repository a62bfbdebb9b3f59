-- Writes a row for each tercero of a run: those that get a statement numbered by name, from %(first)s on.
WITH chosen AS MATERIALIZED (
    SELECT * FROM mailings_to_state(%(company)s, %(until)s::date, %(in_group)s::bigint, %(parties)s::bigint[],
                                    %(asking)s::text[], %(lowering)s::text[])
), numbered AS (
    SELECT chosen.*, row_number() OVER (PARTITION BY reason IS NULL ORDER BY search_key, party_id) AS place FROM chosen
), written AS (
    INSERT INTO mailings_statement (company_id, run_id, party_id, state, reason, sequence, amounts)
    SELECT %(company)s, %(run)s, party_id, CASE WHEN reason IS NULL THEN 'due' ELSE 'left_out' END, coalesce(reason, ''),
           CASE WHEN reason IS NULL THEN %(first)s + place - 1 END, amounts
      FROM numbered ORDER BY reason IS NULL DESC, place
    RETURNING state
)
SELECT count(*) FILTER (WHERE state = 'due'), count(*) FILTER (WHERE state = 'left_out') FROM written
