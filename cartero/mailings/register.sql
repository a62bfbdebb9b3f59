-- Writes every delivery of a mailing at once, where each document has a mail of its own: one for each, also of those that are left out.
-- A Message-ID is longer than what anybody could guess; they come in the order of their rows, or their index would cost as much as
-- all others together.
WITH numbered AS MATERIALIZED (
    SELECT nextval('mailings_delivery_id_seq') AS delivery_id, in_order.*
      FROM (SELECT invoice_id, party_id, recipients, left_out, left_out_detail
              FROM mailings_selection(
                %(company)s, %(period)s::date, %(document_kind)s::text, %(prefix)s::text, %(number_from)s::bigint, %(number_to)s::bigint,
                %(date_from)s::date, %(date_to)s::date, %(parties)s::bigint[], %(excepted)s::bigint[], %(in_group)s::bigint,
                %(invoices)s::bigint[], %(with_balance)s::boolean, %(overdue_on)s::date, %(kind)s::text, %(gated)s::boolean,
                %(only_unsent)s::boolean, %(role)s::text)
             ORDER BY sequence NULLS LAST, number) AS in_order
), written AS (
    INSERT INTO mailings_delivery (id, company_id, mailing_id, party_id, status, reason, reason_detail, "to", message_id, part,
                                   document_count, claims, attempts, reply, retry_at, rehearsal, rehearsal_reason,
                                   rehearsal_detail, created_at)
    SELECT delivery_id, %(company)s, %(mailing)s, party_id,
           CASE WHEN left_out IS NULL THEN 'pending' ELSE 'skipped' END, coalesce(left_out, ''),
           coalesce(left_out_detail, ''), coalesce(recipients, '{}'),
           CASE WHEN left_out IS NULL
                THEN '<' || %(begun)s || to_hex(delivery_id + %(behind)s) || '.'
                     || left(encode(sha256((%(secret)s || delivery_id)::bytea), 'hex'), 24) || '@' || %(domain)s || '>'
                ELSE '' END,
           1, 1, 0, 0, '',
           CASE WHEN left_out IS NULL AND NOT %(held)s THEN now() - interval '1 day' END,  -- due, also by a clock that is set back
           CASE WHEN left_out IS NULL THEN 'due' ELSE 'ok' END, '', '', now()
      FROM numbered
), joined AS (
    INSERT INTO mailings_deliveryinvoice (company_id, delivery_id, invoice_id, position)
    SELECT %(company)s, delivery_id, invoice_id, 1 FROM numbered
)
SELECT count(*), count(*) FILTER (WHERE left_out IS NULL),
       (SELECT count(*) FROM (SELECT party_id FROM numbered WHERE left_out IS NULL GROUP BY party_id) AS going)
  FROM numbered
