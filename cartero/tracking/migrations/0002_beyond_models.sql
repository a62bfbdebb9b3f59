-- The database, too, refuses a row that joins two companies: a foreign key takes the company along.
ALTER TABLE tracking_receipt
    ADD CONSTRAINT receipt_account_company FOREIGN KEY (company_id, account_id)
        REFERENCES transport_mailaccount (company_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT receipt_delivery_company FOREIGN KEY (company_id, delivery_id)
        REFERENCES mailings_delivery (company_id, id) DEFERRABLE INITIALLY DEFERRED;
