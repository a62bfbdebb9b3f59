-- What a run of statements would come to: how many, the documents of unknown balance behind them, reasons, sums.
WITH chosen AS MATERIALIZED (
    SELECT * FROM mailings_to_state(%(company)s, %(until)s::date, %(in_group)s::bigint, %(parties)s::bigint[],
                                    %(asking)s::text[], %(lowering)s::text[])
)
SELECT count(*) FILTER (WHERE reason IS NULL),
       coalesce(sum(unknown) FILTER (WHERE reason IS NULL), 0)::bigint,
       (SELECT jsonb_object_agg(reason, many) FROM (SELECT reason, count(*) AS many FROM chosen
         WHERE reason IS NOT NULL GROUP BY reason) AS reasons),
       (SELECT jsonb_object_agg(currency, amount) FROM (
           SELECT each.key AS currency, sum(each.value::numeric)::text AS amount
             FROM chosen, LATERAL jsonb_each_text(amounts) AS each WHERE reason IS NULL GROUP BY each.key) AS sums)
  FROM chosen
