-- The database, too, refuses a row that joins two companies: a foreign key takes the company along.
ALTER TABLE importing_importline
    ADD CONSTRAINT import_line_source_company FOREIGN KEY (company_id, source_id)
        REFERENCES importing_import (company_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT import_line_invoice_company FOREIGN KEY (company_id, invoice_id)
        REFERENCES invoices_invoice (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE importing_conflict
    ADD CONSTRAINT conflict_source_company FOREIGN KEY (company_id, source_id)
        REFERENCES importing_import (company_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT conflict_invoice_company FOREIGN KEY (company_id, invoice_id)
        REFERENCES invoices_invoice (company_id, id) DEFERRABLE INITIALLY DEFERRED;
