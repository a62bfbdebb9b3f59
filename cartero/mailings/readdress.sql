-- Puts other addresses on a mail that has not left; one that failed or was left out for want of an address waits to go again.
WITH changed AS (
    UPDATE mailings_delivery
       SET "to" = %(to)s, status = 'pending', reason = '', reason_detail = '', retry_at = CASE WHEN status = 'pending' AND retry_at IS NULL THEN NULL ELSE now() - interval '1 day' END,  -- its part's turn comes later
           attempts = 0, claims = 0,
           first_refused_at = NULL, settled_at = NULL, rehearsal = 'due', rehearsal_reason = '', rehearsal_detail = '',
           message_id = CASE WHEN message_id = '' THEN %(message_id)s ELSE message_id END
     WHERE id = %(delivery)s
       AND (status IN ('pending', 'failed') OR (status = 'skipped' AND reason IN ('no_address', 'unusable_address')))
    RETURNING id, company_id, mailing_id
), told AS (
    INSERT INTO mailings_event (company_id, delivery_id, mailing_id, kind, reason, reply, at)
    SELECT company_id, id, mailing_id, 'readdressed', '', %(words)s, clock_timestamp() FROM changed
)
SELECT id FROM changed
