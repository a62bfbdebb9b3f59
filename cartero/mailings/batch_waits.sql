-- Parts of which nothing is due or in mid-air begin to wait for what bounces, where another part follows. What waits for another
-- attempt goes when it is due, also meanwhile. A part that began since this statement did has another number, and is left alone.
WITH over AS MATERIALIZED (
    SELECT b.id, b.number FROM mailings_batches b JOIN mailings_mailing m ON m.id = b.mailing_id
     WHERE m.status = 'sending' AND b.until IS NULL
       AND EXISTS (SELECT FROM mailings_delivery d WHERE d.mailing_id = m.id AND d.status = 'pending' AND d.retry_at IS NULL)
       AND NOT EXISTS (SELECT FROM mailings_delivery d WHERE d.mailing_id = m.id AND d.status = 'pending' AND d.retry_at <= now())
       AND NOT EXISTS (SELECT FROM mailings_delivery d WHERE d.mailing_id = m.id AND d.status IN ('claimed', 'transmitting'))
)
UPDATE mailings_batches b SET until = now() + make_interval(mins => b.wait_minutes)
  FROM over WHERE b.id = over.id AND b.number = over.number AND b.until IS NULL
