-- Sendings with a delivery that is due and nobody has claimed, whose account does not wait.
SELECT m.id FROM mailings_mailing m JOIN transport_mailaccount a ON a.id = m.account_id
 WHERE m.status = 'sending' AND (a.paused_until IS NULL OR a.paused_until <= now())
   AND EXISTS (SELECT FROM mailings_delivery d WHERE d.mailing_id = m.id AND d.status = 'pending' AND d.retry_at <= now())
