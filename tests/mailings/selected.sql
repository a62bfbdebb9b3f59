-- The documents of a selection, to whom they go, and why not.
SELECT number, recipients, left_out FROM mailings_selection(
    %(company)s, %(period)s::date, %(document_kind)s::text, %(prefix)s::text, %(number_from)s::bigint, %(number_to)s::bigint,
    %(date_from)s::date, %(date_to)s::date, %(parties)s::bigint[], %(excepted)s::bigint[], %(in_group)s::bigint,
    %(invoices)s::bigint[], %(with_balance)s::boolean, %(overdue_on)s::date, %(kind)s::text, %(gated)s::boolean,
    %(only_unsent)s::boolean, %(role)s::text)
