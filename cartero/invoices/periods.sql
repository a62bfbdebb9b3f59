-- The months that have documents, newest first: one look into the index for each, however many documents there are.
WITH RECURSIVE months AS (
    (SELECT period FROM invoices_invoice WHERE company_id = %(company)s ORDER BY period DESC LIMIT 1)
    UNION ALL
    SELECT (SELECT i.period FROM invoices_invoice i
             WHERE i.company_id = %(company)s AND i.period < m.period ORDER BY i.period DESC LIMIT 1)
      FROM months m WHERE m.period IS NOT NULL
)
SELECT period FROM months WHERE period IS NOT NULL LIMIT %(most)s
