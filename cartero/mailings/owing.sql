-- What of some terceros' documents stands in their statements: what is owed still, what moved since a day, what was paid.
SELECT party_id, kind, number, issue_date, due_date, currency, total, owed
  FROM mailings_owing(%(company)s, %(until)s::date, NULL, %(parties)s::bigint[], %(asking)s::text[], %(lowering)s::text[],
                      %(paying)s::text[])
 WHERE owed <> 0 OR issue_date >= %(since)s::date
