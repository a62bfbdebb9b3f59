-- The database, too, refuses a row that joins two companies: a foreign key takes the company along.
ALTER TABLE invoices_invoice
    ADD CONSTRAINT invoice_party_company FOREIGN KEY (company_id, party_id)
        REFERENCES parties_party (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE invoices_invoicefile
    ADD CONSTRAINT invoice_file_invoice_company FOREIGN KEY (company_id, invoice_id)
        REFERENCES invoices_invoice (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE invoices_invoiceevent
    ADD CONSTRAINT invoice_event_invoice_company FOREIGN KEY (company_id, invoice_id)
        REFERENCES invoices_invoice (company_id, id) DEFERRABLE INITIALLY DEFERRED;

-- One statement-level trigger counts for every statement that touches documents, so no writer can forget it. It appends:
-- two statements never wait for each other over a sum.
CREATE FUNCTION invoices_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO invoices_periodtally (company_id, period, kind, currency, mail_status, documents, amount, is_merged)
        SELECT company_id, period, kind, currency, mail_status, count(*), sum(payable_amount), false
          FROM now_rows GROUP BY 1, 2, 3, 4, 5;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO invoices_periodtally (company_id, period, kind, currency, mail_status, documents, amount, is_merged)
        SELECT company_id, period, kind, currency, mail_status, -count(*), -sum(payable_amount), false
          FROM was_rows GROUP BY 1, 2, 3, 4, 5;
    ELSE
        INSERT INTO invoices_periodtally (company_id, period, kind, currency, mail_status, documents, amount, is_merged)
        SELECT company_id, period, kind, currency, mail_status, sum(documents), sum(amount), false FROM (
            SELECT company_id, period, kind, currency, mail_status, count(*) AS documents, sum(payable_amount) AS amount
              FROM now_rows GROUP BY 1, 2, 3, 4, 5
            UNION ALL
            SELECT company_id, period, kind, currency, mail_status, -count(*), -sum(payable_amount)
              FROM was_rows GROUP BY 1, 2, 3, 4, 5) AS moved
         GROUP BY 1, 2, 3, 4, 5 HAVING sum(documents) <> 0 OR sum(amount) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER invoices_tally_insert AFTER INSERT ON invoices_invoice
    REFERENCING NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION invoices_tally();
CREATE TRIGGER invoices_tally_update AFTER UPDATE ON invoices_invoice
    REFERENCING OLD TABLE AS was_rows NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION invoices_tally();
CREATE TRIGGER invoices_tally_delete AFTER DELETE ON invoices_invoice
    REFERENCING OLD TABLE AS was_rows FOR EACH STATEMENT EXECUTE FUNCTION invoices_tally();

-- Nobody looks for it by its content as a whole: ANALYZE would unpack and compare it again and again.
ALTER TABLE invoices_invoicecontent ALTER data SET STATISTICS 0;
