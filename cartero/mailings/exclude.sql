-- Leaves a mail that has not left out of its mailing, or takes it back in.
WITH changed AS (
    UPDATE mailings_delivery
       SET status = %(status)s, reason = %(reason)s, reason_detail = '', retry_at = now() - interval '1 day',
           settled_at = CASE WHEN %(status)s = 'pending' THEN NULL ELSE now() END
     WHERE id = %(delivery)s AND status = %(source)s AND (status = 'pending' OR reason = 'excluded')
    RETURNING id, company_id, mailing_id
), told AS (
    INSERT INTO mailings_event (company_id, delivery_id, mailing_id, kind, reason, reply, at)
    SELECT company_id, id, mailing_id, %(kind)s, %(reason)s, '', clock_timestamp() FROM changed
)
SELECT id FROM changed
