-- Lets the documents of a tercero be found by the name that it has now.
UPDATE invoices_invoice SET search_key = lower(number) || ' ' || %(key)s WHERE party_id = %(party)s
