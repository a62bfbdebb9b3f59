-- So many documents without files, ten for each tercero: enough to register, not to send.
INSERT INTO parties_party (company_id, tax_id, id_type, check_digit, name, trade_name, phone, city, delivery_form, search_key,
                           created_at, updated_at)
SELECT %(company)s, %(prefix)s || n, '42', '', 'Cliente ' || n, '', '', 'Cali', 'container', 'cliente ' || n, now(), now()
  FROM generate_series(0, %(count)s / 10) AS n;
INSERT INTO invoices_invoice (company_id, party_id, kind, type_code, number, prefix, sequence, uuid, issue_date, period, currency,
                              payable_amount, environment, validation_code, customer_emails, mail_status, mail_reason, search_key,
                              created_at)
SELECT %(company)s, p.id, 'invoice', '01', %(prefix)s || n, %(prefix)s, n, '', '2026-09-01', '2026-09-01', 'COP', 119000, '1', '02',
       ARRAY['cliente' || n / 10 || '@example.com'], 'unsent', '', lower(%(prefix)s || n), now()
  FROM generate_series(1, %(count)s::int) AS n
  JOIN parties_party p ON p.company_id = %(company)s AND p.tax_id = %(prefix)s || (n / 10)
