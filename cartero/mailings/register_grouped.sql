-- Writes every delivery of a mailing at once, where a tercero gets one mail: one for each mail that will go, one for each document that
-- is left out. Mails of one tercero are parted when what they carry would pass %(largest)s bytes.
WITH chosen AS MATERIALIZED (
    SELECT * FROM mailings_selection(
        %(company)s, %(period)s::date, %(document_kind)s::text, %(prefix)s::text, %(number_from)s::bigint, %(number_to)s::bigint,
        %(date_from)s::date, %(date_to)s::date, %(parties)s::bigint[], %(excepted)s::bigint[], %(in_group)s::bigint,
        %(invoices)s::bigint[], %(with_balance)s::boolean, %(overdue_on)s::date, %(kind)s::text, %(gated)s::boolean,
        %(only_unsent)s::boolean, %(role)s::text)
), parted AS (
    SELECT chosen.*,
           -- A part begins wherever what came before it fills one, less the largest document: so no part can overflow.
           CASE WHEN left_out IS NULL
                THEN (sum(size) OVER (PARTITION BY party_id, recipients, left_out ORDER BY sequence NULLS LAST, number
                          ROWS UNBOUNDED PRECEDING) - size)
                     / greatest(%(largest)s::bigint - max(size) OVER (PARTITION BY party_id, recipients, left_out), 1)
                ELSE 0 END::bigint AS part,
           CASE WHEN left_out IS NULL
                THEN first_value(invoice_id) OVER (PARTITION BY party_id, recipients, left_out ORDER BY sequence NULLS LAST, number)
                ELSE invoice_id END AS leader
      FROM chosen
), numbered AS MATERIALIZED (
    SELECT leader, part, nextval('mailings_delivery_id_seq') AS delivery_id
      FROM (SELECT leader, part FROM parted GROUP BY leader, part
             ORDER BY min(sequence) NULLS LAST, min(number)) AS in_order
), placed AS MATERIALIZED (
    SELECT parted.*, numbered.delivery_id, dense_rank() OVER (PARTITION BY leader ORDER BY part) AS shown_part,
           row_number() OVER (PARTITION BY numbered.delivery_id ORDER BY parted.sequence NULLS LAST, parted.number) AS position
      FROM parted JOIN numbered USING (leader, part)
), written AS (
    INSERT INTO mailings_delivery (id, company_id, mailing_id, party_id, status, reason, reason_detail, "to", message_id, part,
                                   document_count, claims, attempts, reply, retry_at, rehearsal, rehearsal_reason,
                                   rehearsal_detail, created_at)
    SELECT delivery_id, %(company)s, %(mailing)s, min(party_id),
           CASE WHEN min(left_out) IS NULL THEN 'pending' ELSE 'skipped' END, coalesce(min(left_out), ''),
           coalesce(min(left_out_detail), ''), coalesce(min(recipients), '{}'),
           CASE WHEN min(left_out) IS NULL
                THEN '<' || %(begun)s || to_hex(delivery_id + %(behind)s) || '.'
                     || left(encode(sha256((%(secret)s || delivery_id)::bytea), 'hex'), 24) || '@' || %(domain)s || '>'
                ELSE '' END,
           min(shown_part), count(*), 0, 0, '',
           CASE WHEN min(left_out) IS NULL AND NOT %(held)s THEN now() - interval '1 day' END,  -- due, also by a clock that is set back
           CASE WHEN min(left_out) IS NULL THEN 'due' ELSE 'ok' END, '', '', now()
      FROM placed GROUP BY delivery_id
    RETURNING status
), joined AS (
    INSERT INTO mailings_deliveryinvoice (company_id, delivery_id, invoice_id, position)
    SELECT %(company)s, delivery_id, invoice_id, position FROM placed
)
SELECT (SELECT count(*) FROM placed),
       (SELECT count(*) FROM written WHERE status = 'pending'),
       (SELECT count(DISTINCT party_id) FROM placed WHERE left_out IS NULL)
