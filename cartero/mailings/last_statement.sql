-- The highest number behind a prefix that a statement bears or is to bear, 0 where there is none.
SELECT greatest(
    (SELECT max(s.sequence) FROM mailings_statementrun r JOIN mailings_statement s ON s.run_id = r.id
      WHERE r.company_id = %(company)s AND r.prefix = %(prefix)s),
    (SELECT max(substr(i.number, length(%(prefix)s) + 1)::bigint) FROM invoices_invoice i
      WHERE i.company_id = %(company)s AND i.kind = %(kind)s AND starts_with(i.number, %(prefix)s)
        AND substr(i.number, length(%(prefix)s) + 1) ~ '^[0-9]{1,12}$'),
    0)
