-- A company that has sent so many documents: half of them in the newest of twelve months, ten for each tercero and a hundredth of all for
-- one, a mail for each that went, three events and more for each mail. A fifth of them went in one sending, a tenth is on its way. A thousand
-- are in doubt and a thousand in conflict, however many there are: what few and many show of these is as long.
INSERT INTO parties_party (company_id, tax_id, id_type, check_digit, name, trade_name, phone, city, delivery_form, search_key, created_at,
                           updated_at)
SELECT %(company)s, (800000000 + n)::text, '31', '', 'Cliente ' || n || ' S.A.S.', '', '', 'Cali', 'container',
       'cliente ' || n || ' s.a.s. ' || (800000000 + n), now(), now()
  FROM generate_series(0, %(count)s / 10 - 1) AS n;
INSERT INTO parties_address (company_id, party_id, email, state, state_reason, state_at, origin, proposal, roles, is_principal, created_at)
SELECT %(company)s, id, 'pagos@' || CASE mod(id, 10) WHEN 0 THEN 'gmail.com' WHEN 1 THEN 'hotmail.com' WHEN 2 THEN 'outlook.com'
       ELSE 'cliente' || mod(id, 5000) || '.example.com' END,
       CASE mod(id, 50) WHEN 0 THEN 'bounced' WHEN 1 THEN 'doubtful' ELSE 'validated' END,
       CASE mod(id, 50) WHEN 0 THEN '550 5.1.1 no such user' ELSE '' END, now() - make_interval(mins => mod(id, 100000)::int), 'document', '',
       '{facturas}', true, now()
  FROM parties_party WHERE company_id = %(company)s;
INSERT INTO parties_group (company_id, kind, name)
SELECT %(company)s, CASE mod(n, 2) WHEN 0 THEN 'group' ELSE 'zone' END, 'Grupo ' || n FROM generate_series(0, 9) AS n;
CREATE TEMP TABLE bench_party AS
SELECT p.id AS party, a.email, row_number() OVER (ORDER BY p.id) - 1 AS n FROM parties_party p JOIN parties_address a ON a.party_id = p.id
 WHERE p.company_id = %(company)s;
INSERT INTO parties_partygroup (company_id, party_id, group_id)
SELECT %(company)s, p.party, g.id FROM bench_party p JOIN parties_group g ON g.company_id = %(company)s
 WHERE g.name = 'Grupo 0' AND mod(p.n, 2) = 0 OR g.name = 'Grupo ' || (1 + mod(p.n, 9));
CREATE TEMP TABLE bench_document AS
SELECT made.*, p.party, p.email, p.n AS party_n,
       CASE WHEN mailing = 302 AND mod(at, 2) = 0 THEN 'queued' WHEN mod(at, %(count)s / 1000) = 7 THEN 'in_doubt' WHEN mod(at, 100) < 55 THEN 'accepted'
            WHEN mod(at, 100) < 80 THEN 'delivered' WHEN mod(at, 100) < 92 THEN 'viewed' WHEN mod(at, 100) < 94 THEN 'bounced'
            WHEN mod(at, 100) < 95 THEN 'failed' ELSE 'unsent' END AS status
  FROM (SELECT at, CASE WHEN mod(at / 10, 100) = 3 THEN 0 ELSE mod(at, %(count)s / 10) END AS n,
               (date '2026-10-01' - make_interval(months => CASE WHEN mod(at, 2) = 0 THEN 0 ELSE mod(at / 2, 11)::int + 1 END))::date AS month,
               CASE WHEN mod(at / 100, 20) < 4 THEN 301 WHEN mod(at / 100, 20) < 6 THEN 302 WHEN mod(at / 100, 20) < 19
                    THEN 282 + mod(at / 100, 20) ELSE 1 + mod(at / 2000, 287) END AS mailing
          FROM generate_series(1, %(count)s::int) AS g (at)) AS made
  JOIN bench_party p ON p.n = made.n;
INSERT INTO invoices_invoice (company_id, party_id, kind, type_code, number, prefix, sequence, uuid, issue_date, due_date, period, currency,
                              payable_amount, balance, environment, validation_code, customer_emails, mail_status, mail_reason, mail_at,
                              search_key, created_at)
SELECT %(company)s, party, CASE WHEN mod(at, 50) = 3 THEN 'credit_note' WHEN at < 5000 AND mod(at, 1000) = 11 THEN 'certificate' ELSE 'invoice' END,
       '01', 'FEB' || at, 'FEB', at, '', month + mod(at, 28)::int, month + 30, month, 'COP', 119000 + mod(at, 9999),
       CASE WHEN month < '2025-12-01' AND at > 100 THEN 0 WHEN mod(at, 10) = 0 THEN NULL WHEN mod(at, 10) < 7 THEN 0 ELSE 119000 + mod(at, 9999) END,
       '1', '02', ARRAY[email], status,
       CASE status WHEN 'bounced' THEN 'no_mailbox' WHEN 'failed' THEN 'mailbox_full' ELSE '' END, now(),
       'feb' || at || ' cliente ' || party_n || ' s.a.s. ' || (800000000 + party_n), now()
  FROM bench_document ORDER BY at;
INSERT INTO invoices_invoicefile (company_id, invoice_id, role, name, media_type, sha256, size, created_at)
SELECT company_id, id, 'container', 'ad' || sequence || '.xml', 'text/xml', encode(sha256(number::bytea), 'hex'), 28000, now()
  FROM invoices_invoice WHERE company_id = %(company)s ORDER BY id;
INSERT INTO mailings_mailing (company_id, account_id, number, name, kind, is_grouped, status, status_reason, status_reply, period, selection,
                              subject, business_line, message_html, look, documents, deliveries_count, parties, rehearsal, rehearsed,
                              rehearsed_to, rehearsal_problems, created_at, changed_at, started_at, finished_at)
SELECT %(company)s, (SELECT id FROM transport_mailaccount WHERE company_id = %(company)s), n, 'Documentos ' || n,
       CASE n WHEN 301 THEN 'delivery' ELSE 'copy' END, false, CASE n WHEN 302 THEN 'sending' ELSE 'finished' END, '', '', '2026-10-01', '{}',
       'Factura', '', '<p>Hola</p>', '{}', sent, sent, sent, 'ok', sent, 0, 0, at, at, at, CASE WHEN n < 302 THEN at END
  FROM (SELECT n, now() - make_interval(days => 303 - n) AS at, (SELECT count(*) FROM bench_document WHERE mailing = g.n AND status <> 'unsent') AS sent
          FROM generate_series(1, 302) AS g (n)) AS made ORDER BY n;
UPDATE mailings_mailing SET started_at = now() - interval '20 days', finished_at = now() - interval '20 days' WHERE company_id = %(company)s AND number = 301;
INSERT INTO mailings_delivery (company_id, mailing_id, party_id, status, reason, reason_detail, "to", message_id, part, document_count, claims,
                               attempts, reply, reply_code, accepted_at, settled_at, viewed_at, retry_at, rehearsal, rehearsal_reason,
                               rehearsal_detail, created_at)
SELECT %(company)s, m.id, i.party_id, CASE i.mail_status WHEN 'viewed' THEN 'delivered' WHEN 'queued' THEN 'pending' ELSE i.mail_status END,
       i.mail_reason, '', i.customer_emails, '<' || i.id || '@banco.example.co>', 1, 1, 0, 1,
       CASE i.mail_status WHEN 'queued' THEN '' ELSE '250 2.0.0 Ok: queued as 4F2' END, CASE WHEN i.mail_status <> 'queued' THEN 250 END,
       CASE WHEN i.mail_status NOT IN ('failed', 'in_doubt', 'queued') THEN m.started_at END,
       CASE WHEN i.mail_status <> 'queued' THEN m.started_at END,
       CASE WHEN i.mail_status = 'viewed' THEN m.started_at + make_interval(hours => mod(i.id, 400)::int) END,
       CASE WHEN i.mail_status = 'queued' THEN m.started_at END, 'ok', '', '', m.started_at
  FROM bench_document d JOIN invoices_invoice i ON i.company_id = %(company)s AND i.kind IN ('invoice', 'credit_note', 'certificate') AND i.number = 'FEB' || d.at
  JOIN mailings_mailing m ON m.company_id = %(company)s AND m.number = d.mailing
 WHERE i.mail_status <> 'unsent' ORDER BY m.id, i.id;
INSERT INTO mailings_deliveryinvoice (company_id, delivery_id, invoice_id, position)
SELECT %(company)s, id, trim(leading '<' from split_part(message_id, '@', 1))::bigint, 1 FROM mailings_delivery WHERE company_id = %(company)s
 ORDER BY id;
INSERT INTO mailings_event (company_id, delivery_id, mailing_id, kind, reason, reply, at)
SELECT %(company)s, d.id, d.mailing_id, k.kind, CASE WHEN k.kind = d.status THEN d.reason ELSE '' END,
       CASE k.kind WHEN 'accepted' THEN d.reply ELSE '' END, d.created_at + make_interval(secs => k.place)
  FROM mailings_delivery d,
       LATERAL (VALUES ('transmitting', 0), ('accepted', 1), (CASE d.status WHEN 'accepted' THEN 'delivered' ELSE d.status END, 2),
                       (CASE WHEN d.viewed_at IS NOT NULL THEN 'viewed' END, 3), (CASE WHEN mod(d.id, 5) = 0 THEN 'opened' END, 4))
               AS k (kind, place)
 WHERE d.company_id = %(company)s AND d.status <> 'pending' AND k.kind IS NOT NULL ORDER BY k.place, d.id;
INSERT INTO mailings_doubt (company_id, delivery_id, since, absent_from)
SELECT company_id, id, created_at, '' FROM mailings_delivery WHERE company_id = %(company)s AND status = 'in_doubt';
INSERT INTO mailings_answer (company_id, delivery_id, kind, text, address, proposed, at, attended_at)
SELECT company_id, id, CASE mod(id / 10, 10) WHEN 0 THEN 'remarked' WHEN 1 THEN 'disowned' ELSE 'confirmed' END, 'Falta el descuento.', "to"[1],
       '', viewed_at, CASE WHEN mod(id / 100, 2) = 0 THEN viewed_at END
  FROM mailings_delivery WHERE company_id = %(company)s AND viewed_at IS NOT NULL AND mod(id, greatest(%(count)s / 100000, 1)) = 0;
INSERT INTO mailings_attestation (company_id, number, kind, invoice_id, part, parts, deliveries, documents, code_sha256, pdf_sha256, size, issued_at)
SELECT i.company_id, row_number() OVER (ORDER BY i.id), 'invoice', i.id, 1, 1, ARRAY[di.delivery_id], 1, encode(sha256(i.number::bytea), 'hex'),
       encode(sha256(i.number::bytea), 'hex'), 30000, now()
  FROM invoices_invoice i JOIN mailings_deliveryinvoice di ON di.invoice_id = i.id WHERE i.company_id = %(company)s AND mod(i.id, 100) = 5;
INSERT INTO mailings_statementrun (company_id, until, since, parties, pay_to, look, prefix, first, statements, left_out, created_at, finished_at, amounts)
SELECT %(company)s, month, month - 30, NULL, '', '{}', 'EC' || n || '-', 1, CASE n WHEN 0 THEN %(count)s / 20 ELSE 0 END, %(count)s / 20, month, month,
       CASE n WHEN 0 THEN jsonb_build_object('COP', (119000::bigint * (%(count)s / 20))::text) ELSE '{}' END
  FROM (SELECT n, date '2026-09-30' - 30 * n AS month FROM generate_series(0, 23) AS n) AS made;
INSERT INTO invoices_invoice (company_id, party_id, kind, type_code, number, prefix, sequence, uuid, issue_date, period, currency, payable_amount,
                              environment, validation_code, customer_emails, mail_status, mail_reason, search_key, created_at)
SELECT %(company)s, party, 'statement', '', 'EC0-' || n / 2 + 1, 'EC0-', n / 2 + 1, '', '2026-09-30', '2026-09-01', 'COP', 119000, '', '', '{}',
       'unsent', '', 'ec0-' || n / 2 + 1 || ' cliente ' || n || ' s.a.s. ' || (800000000 + n), now()
  FROM bench_party WHERE mod(n, 2) = 0;
INSERT INTO mailings_statement (company_id, run_id, party_id, state, reason, sequence, amounts, invoice_id)
SELECT %(company)s, r.id, p.party, CASE WHEN i.id IS NULL THEN 'left_out' ELSE 'made' END, CASE WHEN i.id IS NULL THEN 'nothing_owed' ELSE '' END, i.sequence,
       CASE WHEN i.id IS NULL THEN '{}' ELSE '{"COP": "119000"}' END::jsonb, i.id
  FROM bench_party p JOIN mailings_statementrun r ON r.company_id = %(company)s AND r.prefix = 'EC0-'
  LEFT JOIN invoices_invoice i ON i.company_id = %(company)s AND i.kind = 'statement' AND i.party_id = p.party;
INSERT INTO importing_import (company_id, status, names, folder, options, remarks, size, read, total, error, created_at, finished_at)
SELECT %(company)s, 'finished', '["facturas.zip"]', '', '{}', '[]', 1000, 1, 1, '', at, at
  FROM (SELECT now() - make_interval(days => 1 + n) AS at FROM generate_series(0, 199) AS n) AS made ORDER BY at;
INSERT INTO importing_importline (company_id, source_id, position, file, "where", outcome, kind, number, invoice_id, facts, messages)
SELECT i.company_id, s.newest - CASE WHEN mod(i.sequence, 5) = 0 THEN 0 ELSE mod(i.sequence, 199) + 1 END, i.sequence, 'ad' || i.sequence || '.xml', '',
       CASE WHEN mod(i.sequence, %(count)s / 1000) = 0 THEN 'conflict' WHEN mod(i.sequence, 500) = 5 THEN 'refuse' ELSE 'import' END, i.kind, i.number, i.id, '{}', '[]'
  FROM invoices_invoice i, (SELECT max(id) AS newest FROM importing_import WHERE company_id = %(company)s) AS s
 WHERE i.company_id = %(company)s AND i.kind <> 'statement' ORDER BY i.id;
UPDATE importing_import i SET counts = (
    SELECT jsonb_object_agg(outcome, many) FROM (SELECT outcome, count(*) AS many FROM importing_importline WHERE source_id = i.id GROUP BY 1) AS of)
 WHERE company_id = %(company)s;
INSERT INTO importing_conflict (company_id, source_id, invoice_id, kind, number, data, files, decision, created_at)
SELECT company_id, source_id, invoice_id, kind, number, '{}', '[]', CASE WHEN mod(position, %(count)s / 500) = 0 THEN 'open' ELSE 'kept' END, now()
  FROM importing_importline WHERE company_id = %(company)s AND outcome = 'conflict';
INSERT INTO companies_auditentry (company_id, verb, noun, noun_id, facts, at)
SELECT %(company)s, 'start', 'mailing', (SELECT max(id) FROM mailings_mailing WHERE company_id = %(company)s), '{}', now()
  FROM generate_series(1, %(count)s / 10);
INSERT INTO tracking_receipt (company_id, account_id, delivery_id, key, kind, address, is_hard, words,
                              is_reviewed, at)
SELECT d.company_id, m.account_id, CASE WHEN mod(d.id, 10) <> 0 THEN d.id END, encode(sha256(d.message_id::bytea), 'hex'), 'bounced', d."to"[1], true,
       '550 5.1.1', false, d.created_at
  FROM mailings_delivery d JOIN mailings_mailing m ON m.id = d.mailing_id WHERE d.company_id = %(company)s AND d.status = 'bounced';
INSERT INTO mailings_recount (company_id, mailing_id, at) SELECT company_id, id, now() FROM mailings_mailing WHERE company_id = %(company)s;
DROP TABLE bench_document;
DROP TABLE bench_party
