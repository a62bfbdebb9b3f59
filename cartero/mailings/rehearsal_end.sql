-- Ends the Ensayo of a mailing in which nothing is left to try; counts it from its rows, since some may have been tried again.
UPDATE mailings_mailing m
   SET rehearsal = CASE WHEN c.problems > 0 THEN 'problem' ELSE 'ok' END, rehearsed = c.tried,
       rehearsal_problems = c.problems, rehearsed_at = now()
  FROM (SELECT count(*) FILTER (WHERE rehearsal IN ('ok', 'problem')) AS tried,
               count(*) FILTER (WHERE rehearsal = 'problem') AS problems,
               count(*) FILTER (WHERE rehearsal IN ('due', 'running') AND status = 'pending') AS untried
          FROM mailings_delivery WHERE mailing_id = %(mailing)s AND status <> 'skipped') AS c
 WHERE m.id = %(mailing)s AND m.rehearsal IN ('due', 'running') AND c.untried = 0
