-- Writes what a batch of the Ensayo found, and keeps the counts that the page shows.
WITH mailing AS MATERIALIZED (
    SELECT id FROM mailings_mailing WHERE id = %(mailing)s FOR NO KEY UPDATE  -- before its mails, as all do who need both
), found AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(reasons)s::text[], %(details)s::text[], %(sizes)s::bigint[])
        AS f (id, reason, detail, size)
), written AS (
    UPDATE mailings_delivery d
       SET rehearsal = CASE WHEN f.reason = '' THEN 'ok' ELSE 'problem' END, rehearsal_reason = f.reason,
           rehearsal_detail = f.detail, size = coalesce(f.size, d.size), rehearsal_at = now()
      FROM found f, mailing WHERE d.id = f.id AND d.rehearsal = 'running'
    RETURNING d.rehearsal
)
UPDATE mailings_mailing
   SET rehearsal = 'running', rehearsed_to = greatest(rehearsed_to, (SELECT max(id) FROM found)),
       rehearsed = rehearsed + (SELECT count(*) FROM written),
       rehearsal_problems = rehearsal_problems + (SELECT count(*) FROM written WHERE rehearsal = 'problem')
 WHERE id = %(mailing)s
