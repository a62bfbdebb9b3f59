-- Rows of the company from the facts in the table `made`, each document for a tercero of its own.
INSERT INTO parties_party (company_id, tax_id, id_type, check_digit, name, trade_name, phone, city, delivery_form, search_key,
                           created_at, updated_at)
SELECT %(company)s, facts->'data'->'customer'->>'tax_id', '31', facts->'data'->'customer'->>'check_digit', facts->>'name', '', '',
       'Bogotá', 'container', lower(facts->>'name'), now(), now()
  FROM made ORDER BY n;
INSERT INTO invoices_invoice (company_id, party_id, kind, type_code, number, prefix, sequence, uuid, issue_date, period, currency,
                              payable_amount, environment, validation_code, customer_emails, mail_status, mail_reason, search_key,
                              created_at)
SELECT %(company)s, p.id, 'invoice', '01', facts->>'number', 'FEB', (facts->'data'->>'sequence')::bigint, facts->'data'->>'uuid',
       '2026-10-01', '2026-10-01', 'COP', (facts->>'total')::numeric, '1', '02', ARRAY[facts->>'email'], 'unsent', '',
       lower(facts->>'number' || ' ' || (facts->>'name')), now()
  FROM made JOIN parties_party p ON p.company_id = %(company)s AND p.tax_id = facts->'data'->'customer'->>'tax_id'
 ORDER BY n;
INSERT INTO invoices_invoicecontent (invoice_id, data)
SELECT i.id, facts->'data' FROM made
  JOIN invoices_invoice i ON i.company_id = %(company)s AND i.number = facts->>'number' ORDER BY n;
INSERT INTO invoices_invoicefile (company_id, invoice_id, role, name, media_type, sha256, size, created_at)
SELECT %(company)s, i.id, f.role, f.name, f.media_type, facts->>f.role, (facts->>(f.role || '_size'))::bigint, now()
  FROM made JOIN invoices_invoice i ON i.company_id = %(company)s AND i.number = facts->>'number',
       LATERAL (VALUES ('container', 'ad' || i.sequence || '.xml', 'text/xml'),
                       ('pdf', i.number || '.pdf', 'application/pdf')) AS f (role, name, media_type)
 WHERE f.role = 'container' OR %(with_pdf)s
 ORDER BY n;
INSERT INTO parties_address (company_id, party_id, email, state, state_reason, state_at, origin, proposal, roles, is_principal,
                             created_at)
SELECT %(company)s, p.id, facts->>'email', 'pending', '', now(), 'document', '', '{facturas}', true, now()
  FROM made JOIN parties_party p ON p.company_id = %(company)s AND p.tax_id = facts->'data'->'customer'->>'tax_id'
 ORDER BY n
