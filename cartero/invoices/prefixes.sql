-- The prefixes that a company's documents bear, in order: from one to the next by the index, without reading what lies between.
WITH RECURSIVE known AS (
    (SELECT prefix FROM invoices_invoice WHERE company_id = %(company)s ORDER BY prefix LIMIT 1)
    UNION ALL
    SELECT (SELECT i.prefix FROM invoices_invoice i WHERE i.company_id = %(company)s AND i.prefix > known.prefix
             ORDER BY i.prefix LIMIT 1)
      FROM known WHERE known.prefix IS NOT NULL
)
SELECT prefix FROM known WHERE prefix IS NOT NULL LIMIT 100
