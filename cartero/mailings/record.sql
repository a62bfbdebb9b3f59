-- Writes the outcomes of a group of mails, their events, and the state of their invoices. A worker that lost its lease may still
-- settle its own doubt (it did read the reply), nothing else.
WITH outcome AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(statuses)s::text[], %(kinds)s::text[], %(reasons)s::text[], %(details)s::text[],
                         %(codes)s::int[], %(replies)s::text[], %(waits)s::float8[], %(attempts)s::int[], %(sizes)s::bigint[],
                         %(attached)s::jsonb[])
        AS o (id, status, kind, reason, detail, code, reply, wait, attempt, size, attached)
), settled AS (
    UPDATE mailings_delivery d
       SET status = o.status, reason = o.reason, reason_detail = o.detail, reply_code = coalesce(o.code, d.reply_code),
           reply = CASE WHEN o.code IS NULL AND o.reply = '' THEN d.reply ELSE o.reply END,
           token = CASE WHEN o.status = 'in_doubt' THEN d.token END, lease_until = NULL,
           claims = CASE WHEN o.attempt > 0 OR o.status <> 'pending' THEN 0 ELSE d.claims END,
           attempts = d.attempts + o.attempt,
           retry_at = CASE WHEN o.status = 'pending' THEN now() + make_interval(secs => o.wait) END,
           first_refused_at = CASE WHEN o.status = 'pending' AND o.attempt > 0 THEN coalesce(d.first_refused_at, now())
                                   ELSE d.first_refused_at END,
           accepted_at = CASE WHEN o.status = 'accepted' THEN now() END,
           settled_at = CASE WHEN o.status NOT IN ('pending', 'in_doubt') THEN now() END,
           size = coalesce(o.size, d.size), attached = coalesce(o.attached, d.attached)
      FROM outcome o
     WHERE d.id = o.id AND d.token = %(token)s
       AND (d.status IN ('claimed', 'transmitting') OR (d.status = 'in_doubt' AND o.status = 'accepted'))
    RETURNING d.id, d.company_id, d.mailing_id, d.status, d.reason, d.retry_at, o.kind, o.code, o.reply
), told AS (
    INSERT INTO mailings_event (company_id, delivery_id, mailing_id, kind, reason, reply_code, reply, until, at)
    SELECT company_id, id, mailing_id, kind, reason, code, reply, retry_at, clock_timestamp() FROM settled WHERE kind <> ''
), shown AS (
    UPDATE invoices_invoice i SET mail_status = s.status, mail_reason = s.reason, mail_at = now()
      FROM settled s JOIN mailings_deliveryinvoice di ON di.delivery_id = s.id
     WHERE i.id = di.invoice_id AND s.status <> 'pending'
)
SELECT id, status FROM settled
