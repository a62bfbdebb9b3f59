-- Makes one row of sums out of those of each month that statements have appended to. Two at once take what the other left.
WITH touched AS MATERIALIZED (
    SELECT DISTINCT company_id, period FROM invoices_periodtally WHERE NOT is_merged
), gone AS (
    DELETE FROM invoices_periodtally t USING touched u WHERE t.company_id = u.company_id AND t.period = u.period
    RETURNING t.company_id, t.period, t.kind, t.currency, t.mail_status, t.documents, t.amount
)
INSERT INTO invoices_periodtally (company_id, period, kind, currency, mail_status, documents, amount, is_merged)
SELECT company_id, period, kind, currency, mail_status, sum(documents), sum(amount), true
  FROM gone GROUP BY 1, 2, 3, 4, 5 HAVING sum(documents) <> 0 OR sum(amount) <> 0
