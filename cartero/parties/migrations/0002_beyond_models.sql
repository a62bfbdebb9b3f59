-- The database, too, refuses a row that joins two companies: a foreign key takes the company along.
ALTER TABLE parties_address
    ADD CONSTRAINT address_party_company FOREIGN KEY (company_id, party_id)
        REFERENCES parties_party (company_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE parties_partygroup
    ADD CONSTRAINT party_group_party_company FOREIGN KEY (company_id, party_id)
        REFERENCES parties_party (company_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT party_group_group_company FOREIGN KEY (company_id, group_id)
        REFERENCES parties_group (company_id, id) DEFERRABLE INITIALLY DEFERRED;
