-- The documents of a selection that are left out for one reason: whose they are, and when they were sent before.
SELECT c.invoice_id, c.number, c.party_id, p.name, coalesce(c.left_out_detail, ''), c.sent_at,
       coalesce(nullif(u.name, ''), u.email, '')
  FROM mailings_selection(
        %(company)s, %(period)s::date, %(document_kind)s::text, %(prefix)s::text, %(number_from)s::bigint, %(number_to)s::bigint,
        %(date_from)s::date, %(date_to)s::date, %(parties)s::bigint[], %(excepted)s::bigint[], %(in_group)s::bigint,
        %(invoices)s::bigint[], %(with_balance)s::boolean, %(overdue_on)s::date, %(kind)s::text, %(gated)s::boolean,
        %(only_unsent)s::boolean, %(role)s::text) c
  JOIN parties_party p ON p.id = c.party_id
  LEFT JOIN accounts_user u ON u.id = c.sent_by
 WHERE c.left_out = %(reason)s AND c.invoice_id > %(after)s
 ORDER BY c.invoice_id LIMIT %(limit)s
