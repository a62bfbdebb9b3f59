-- The turn of the next part of a mailing: the first of the deliveries that are held back, in their order. By delivery_due.
WITH next AS (
    SELECT id FROM mailings_delivery
     WHERE mailing_id = %(mailing)s AND status = 'pending' AND retry_at IS NULL
     ORDER BY id LIMIT (SELECT size FROM mailings_batches WHERE mailing_id = %(mailing)s) FOR NO KEY UPDATE
), released AS (
    UPDATE mailings_delivery SET retry_at = now() - interval '1 day' WHERE id IN (SELECT id FROM next) RETURNING id
), counted AS (
    SELECT count(*) AS mails, min(id) AS first FROM released
)
UPDATE mailings_batches
   SET until = NULL,
       number = number + CASE WHEN counted.mails > 0 THEN 1 ELSE 0 END,
       mails = CASE WHEN counted.mails > 0 THEN counted.mails ELSE mailings_batches.mails END,
       first = coalesce(counted.first, mailings_batches.first)
  FROM counted WHERE mailing_id = %(mailing)s
