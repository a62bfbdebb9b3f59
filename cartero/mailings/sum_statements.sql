-- What the statements of a run that were made come to, by currency.
SELECT jsonb_object_agg(currency, amount) FROM (
    SELECT each.key AS currency, sum(each.value::numeric)::text AS amount
      FROM mailings_statement s, LATERAL jsonb_each_text(s.amounts) AS each
     WHERE s.run_id = %(run)s AND s.state = 'made' GROUP BY each.key) AS sums
