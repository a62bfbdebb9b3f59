ALTER TABLE mailings_deliveryinvoice
    DROP CONSTRAINT mailings_deliveryinvoice_pkey,
    DROP CONSTRAINT delivery_invoice_once,
    DROP COLUMN id,
    ADD CONSTRAINT mailings_deliveryinvoice_pkey PRIMARY KEY (delivery_id, invoice_id);
