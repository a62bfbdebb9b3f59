-- How many documents a selection speaks of, whether they go or not; no more than so many are looked at.
SELECT count(*) FROM (
    SELECT FROM mailings_in_range(
        %(company)s, %(period)s::date, %(document_kind)s::text, %(prefix)s::text, %(number_from)s::bigint, %(number_to)s::bigint,
        %(date_from)s::date, %(date_to)s::date, %(parties)s::bigint[], %(in_group)s::bigint, %(invoices)s::bigint[],
        %(with_balance)s::boolean, %(overdue_on)s::date)
     LIMIT %(most)s) AS documents
