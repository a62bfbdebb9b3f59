-- What a selection comes to, without registering anything. Sizes are estimated: base64 makes 1.37 of what is attached.
WITH chosen AS MATERIALIZED (
    SELECT * FROM mailings_selection(
        %(company)s, %(period)s::date, %(document_kind)s::text, %(prefix)s::text, %(number_from)s::bigint, %(number_to)s::bigint,
        %(date_from)s::date, %(date_to)s::date, %(parties)s::bigint[], %(excepted)s::bigint[], %(in_group)s::bigint,
        %(invoices)s::bigint[], %(with_balance)s::boolean, %(overdue_on)s::date, %(kind)s::text, %(gated)s::boolean,
        %(only_unsent)s::boolean, %(role)s::text)
), last_sent AS (
    SELECT sent_at, sent_by FROM chosen WHERE sent_at IS NOT NULL ORDER BY sent_at DESC LIMIT 1
)
SELECT count(*),
       count(*) FILTER (WHERE left_out IS NULL),
       CASE WHEN %(grouped)s THEN count(DISTINCT party_id) FILTER (WHERE left_out IS NULL)
            ELSE count(*) FILTER (WHERE left_out IS NULL) END,
       count(DISTINCT party_id) FILTER (WHERE left_out IS NULL),
       count(DISTINCT party_id),
       count(DISTINCT party_id) FILTER (WHERE left_out IN ('no_address', 'unusable_address')),
       count(*) FILTER (WHERE sent_at IS NOT NULL),
       coalesce((SELECT max(weight) FROM (SELECT sum(size) AS weight FROM chosen WHERE left_out IS NULL
                  GROUP BY CASE WHEN %(grouped)s THEN party_id ELSE -invoice_id END) AS mails), 0)::bigint,
       (SELECT jsonb_object_agg(left_out, many) FROM (SELECT left_out, count(*) AS many FROM chosen
         WHERE left_out IS NOT NULL GROUP BY left_out) AS reasons),
       (SELECT jsonb_object_agg(currency, amount::text) FROM (SELECT currency, sum(payable_amount) AS amount FROM chosen
         WHERE left_out IS NULL GROUP BY currency) AS sums),
       (SELECT sent_at FROM last_sent),
       (SELECT coalesce(nullif(name, ''), email) FROM accounts_user WHERE id = (SELECT sent_by FROM last_sent))
  FROM chosen
