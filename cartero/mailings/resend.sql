-- Writes the deliveries of a mailing that sends others again: one for each, tied to the first of its kin, with the
-- documents that go today; and one for each document that is left out.
WITH chosen AS MATERIALIZED (
    SELECT * FROM mailings_resending(%(company)s, %(kind)s, %(gated)s, %(role)s, %(deliveries)s::bigint[], %(again)s)
), led AS (
    SELECT chosen.*, CASE WHEN left_out IS NULL THEN min(position) OVER (PARTITION BY original, recipients, left_out)
                          ELSE position END AS leader
      FROM chosen
), numbered AS MATERIALIZED (
    SELECT original, leader, nextval('mailings_delivery_id_seq') AS delivery_id
      FROM (SELECT original, leader FROM led GROUP BY original, leader ORDER BY original, leader) AS in_order
), placed AS MATERIALIZED (
    SELECT led.*, numbered.delivery_id,
           row_number() OVER (PARTITION BY numbered.delivery_id ORDER BY led.position) AS place
      FROM led JOIN numbered USING (original, leader)
), written AS (
    INSERT INTO mailings_delivery (id, company_id, mailing_id, party_id, resend_of_id, status, reason, reason_detail,
                                   "to", message_id, part, document_count, claims, attempts, reply, retry_at, rehearsal,
                                   rehearsal_reason, rehearsal_detail, created_at)
    SELECT delivery_id, %(company)s, %(mailing)s, min(party_id), min(first),
           CASE WHEN min(left_out) IS NULL THEN 'pending' ELSE 'skipped' END, coalesce(min(left_out), ''),
           coalesce(min(left_out_detail), ''), coalesce(min(recipients), '{}'),
           CASE WHEN min(left_out) IS NULL THEN '<' || gen_random_uuid() || '@' || %(domain)s || '>' ELSE '' END,
           min(part), count(*), 0, 0, '', CASE WHEN min(left_out) IS NULL THEN now() - interval '1 day' END,
           CASE WHEN min(left_out) IS NULL THEN 'due' ELSE 'ok' END, '', '', now()
      FROM placed GROUP BY delivery_id
    RETURNING status
), joined AS (
    INSERT INTO mailings_deliveryinvoice (company_id, delivery_id, invoice_id, position)
    SELECT %(company)s, delivery_id, invoice_id, place FROM placed
)
SELECT (SELECT count(*) FROM placed),
       (SELECT count(*) FROM written WHERE status = 'pending'),
       (SELECT count(DISTINCT party_id) FROM placed WHERE left_out IS NULL)
