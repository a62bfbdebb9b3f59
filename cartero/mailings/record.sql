-- Writes the outcomes of a group of mails, their events, and the state of their invoices. A worker that lost its lease may still
-- settle its own doubt for good (it did read the reply), nothing else. Recipients whose server put them off get a mail of their own.
WITH outcome AS (
    -- One text of JSON: arrays would be written value by value, which costs the worker more than all the rest of recording.
    SELECT * FROM json_to_recordset(%(outcomes)s::json)
        AS o (id bigint, status text, kind text, reason text, detail text, code int, reply text, wait float8, attempt int, size bigint,
              attached jsonb, proof jsonb, deferred jsonb)
), held AS MATERIALIZED (
    -- With what decides below, so that nobody looks for it in the index of leases, where all that went before has left its trace.
    SELECT id, status, token FROM mailings_delivery WHERE id = ANY (%(ids)s) ORDER BY id FOR NO KEY UPDATE
), settled AS (
    UPDATE mailings_delivery d
       SET status = o.status, reason = o.reason, reason_detail = o.detail, reply_code = coalesce(o.code, d.reply_code),
           reply = CASE WHEN o.code IS NULL AND o.reply = '' THEN d.reply ELSE o.reply END,
           token = CASE WHEN o.status = 'in_doubt' THEN d.token END, lease_until = NULL, claims = 0,
           attempts = d.attempts + o.attempt,
           retry_at = CASE WHEN o.status = 'pending' THEN now() + CASE WHEN o.wait > 0 THEN make_interval(secs => o.wait)
                                                                       ELSE interval '-1 day' END END,
           first_refused_at = CASE WHEN o.status = 'pending' AND o.attempt > 0 THEN coalesce(d.first_refused_at, now())
                                   ELSE d.first_refused_at END,
           accepted_at = CASE WHEN o.status = 'accepted' THEN now() END,
           settled_at = CASE WHEN o.status NOT IN ('pending', 'in_doubt') THEN now() END,
           size = coalesce(o.size, d.size), attached = coalesce(o.attached, d.attached),
           proof = coalesce(o.proof, d.proof)
      FROM outcome o JOIN held USING (id)
     WHERE d.id = o.id AND held.token = %(token)s
       AND (held.status IN ('claimed', 'transmitting') OR (held.status = 'in_doubt' AND o.status IN ('accepted', 'failed')))
    RETURNING d.id, d.company_id, d.mailing_id, d.party_id, d.part, d.message_id, d.document_count, d.created_at, d.status,
              d.reason, d.retry_at, o.kind, o.code, o.reply, o.deferred
), sibling AS MATERIALIZED (
    SELECT nextval('mailings_delivery_id_seq') AS id, s.id AS of_id, s.company_id, s.mailing_id, s.party_id, s.part, s.created_at,
           '<' || gen_random_uuid() || substring(s.message_id FROM '@.*$') AS message_id, s.deferred,
           now() + make_interval(secs => (s.deferred->>'wait')::float8) AS retry_at
      FROM settled s WHERE s.deferred IS NOT NULL
), born AS (
    INSERT INTO mailings_delivery (id, company_id, mailing_id, party_id, status, reason, reason_detail, "to", message_id, part,
                                   document_count, claims, attempts, reply_code, reply, retry_at, first_refused_at, rehearsal,
                                   rehearsal_reason, rehearsal_detail, created_at)
    SELECT id, company_id, mailing_id, party_id, 'pending', deferred->>'reason', '',
           ARRAY(SELECT jsonb_array_elements_text(deferred->'to')), message_id, part, 0, 0, 1, (deferred->>'code')::int,
           deferred->>'reply', retry_at, now(), 'ok', '', '', created_at
      FROM sibling
), carries AS (
    INSERT INTO mailings_deliveryinvoice (company_id, delivery_id, invoice_id, position)
    SELECT s.company_id, s.id, di.invoice_id, di.position
      FROM sibling s JOIN mailings_deliveryinvoice di ON di.delivery_id = s.of_id
), told AS (
    INSERT INTO mailings_event (company_id, delivery_id, mailing_id, kind, reason, reply_code, reply, until, at)
    SELECT company_id, id, mailing_id, kind, reason, code, reply, CASE WHEN retry_at > now() THEN retry_at END, clock_timestamp()
      FROM settled WHERE kind <> ''
    UNION ALL
    SELECT company_id, id, mailing_id, 'retry', deferred->>'reason', (deferred->>'code')::int, deferred->>'reply', retry_at,
           clock_timestamp() FROM sibling
), shown AS (
    UPDATE invoices_invoice i SET mail_status = s.status, mail_reason = s.reason, mail_at = now()
      FROM settled s JOIN mailings_deliveryinvoice di ON di.delivery_id = s.id
     WHERE i.id = di.invoice_id AND s.status <> 'pending' AND s.document_count > 0
)
SELECT id, status FROM settled
