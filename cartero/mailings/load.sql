-- All that making the mails of deliveries needs: a row for each document that one carries, with its files and the PDF that the Ensayo
-- made. Without %(whole)s a document that has a PDF comes without what only drawing one needs, which is most of it.
SELECT d.id, d.party_id, d."to", d.message_id, d.created_at, d.attempts, d.first_refused_at,
       p.name, p.tax_id, p.check_digit, p.city, p.delivery_form,
       i.id, i.balance, i.period, coalesce(f.files, '[]'), coalesce(r.sha256, ''),
       CASE WHEN f.has_pdf AND NOT %(whole)s THEN c.data - %(only_drawn)s::text[] ELSE c.data END
  FROM mailings_delivery d
  JOIN parties_party p ON p.id = d.party_id
  JOIN mailings_deliveryinvoice di ON di.delivery_id = d.id
  JOIN invoices_invoice i ON i.id = di.invoice_id
  JOIN invoices_invoicecontent c ON c.invoice_id = i.id
  LEFT JOIN mailings_rendereddocument r ON r.mailing_id = d.mailing_id AND r.invoice_id = i.id
  LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_array(role, name, media_type, sha256, size) ORDER BY id) AS files, bool_or(role = 'pdf') AS has_pdf
        FROM invoices_invoicefile WHERE invoice_id = i.id) f ON true
 WHERE d.id = ANY (%(ids)s::bigint[])
 ORDER BY d.id, di.position
