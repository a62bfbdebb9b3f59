-- Deliveries and their documents come a million at a time, and a foreign key asks for each row by itself: more than half of what
-- registering takes. For these two tables the same is asked once a statement; what is refused and how is as a key would have it.
ALTER TABLE mailings_delivery
    DROP CONSTRAINT delivery_mailing_company,
    DROP CONSTRAINT delivery_party_company;
ALTER TABLE mailings_deliveryinvoice
    DROP CONSTRAINT delivery_invoice_delivery_company,
    DROP CONSTRAINT delivery_invoice_invoice_company;

-- Of rows that come: the column names a row of the table that is of their company.
CREATE FUNCTION mailings_name_their_own() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    column_name text := TG_ARGV[0];
    named_table text := TG_ARGV[1];
    stranger bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM now_rows) THEN  -- as in nearly all that record.sql writes; to plan what follows takes long
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT min(n.%1$I) FROM now_rows n WHERE NOT EXISTS (
                        SELECT FROM %2$I o WHERE o.company_id = n.company_id AND o.id = n.%1$I)', column_name, named_table)
       INTO stranger;
    IF stranger IS NOT NULL THEN
        RAISE foreign_key_violation USING CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME, COLUMN = column_name,
            MESSAGE = format('%s has no row %s in the company of a row of %s', named_table, stranger, TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;

-- Of rows that go: nothing of the table names them in the column. Who is about to name one waits, or is waited for.
CREATE FUNCTION mailings_are_not_named() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    naming_table text := TG_ARGV[0];
    column_name text := TG_ARGV[1];
    named bigint;
BEGIN
    EXECUTE format('LOCK TABLE %I IN SHARE MODE', naming_table);
    EXECUTE format('SELECT min(o.id) FROM was_rows o WHERE EXISTS (SELECT FROM %I n WHERE n.%I = o.id)', naming_table, column_name)
       INTO named;
    IF named IS NOT NULL THEN
        RAISE foreign_key_violation USING CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s still names row %s of %s', naming_table, named, TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;

-- Of rows that stay: what they are known by and what they name does not change.
CREATE FUNCTION mailings_keep_their_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE foreign_key_violation USING CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME,
        MESSAGE = format('keys of %s never change', TG_TABLE_NAME);
END $$;

CREATE TRIGGER delivery_mailing_company AFTER INSERT ON mailings_delivery REFERENCING NEW TABLE AS now_rows
    FOR EACH STATEMENT EXECUTE FUNCTION mailings_name_their_own('mailing_id', 'mailings_mailing');
CREATE TRIGGER delivery_party_company AFTER INSERT ON mailings_delivery REFERENCING NEW TABLE AS now_rows
    FOR EACH STATEMENT EXECUTE FUNCTION mailings_name_their_own('party_id', 'parties_party');
CREATE TRIGGER delivery_invoice_delivery_company AFTER INSERT ON mailings_deliveryinvoice REFERENCING NEW TABLE AS now_rows
    FOR EACH STATEMENT EXECUTE FUNCTION mailings_name_their_own('delivery_id', 'mailings_delivery');
CREATE TRIGGER delivery_invoice_invoice_company AFTER INSERT ON mailings_deliveryinvoice REFERENCING NEW TABLE AS now_rows
    FOR EACH STATEMENT EXECUTE FUNCTION mailings_name_their_own('invoice_id', 'invoices_invoice');

CREATE TRIGGER mailing_is_not_named AFTER DELETE ON mailings_mailing REFERENCING OLD TABLE AS was_rows
    FOR EACH STATEMENT EXECUTE FUNCTION mailings_are_not_named('mailings_delivery', 'mailing_id');
CREATE TRIGGER party_is_not_named AFTER DELETE ON parties_party REFERENCING OLD TABLE AS was_rows
    FOR EACH STATEMENT EXECUTE FUNCTION mailings_are_not_named('mailings_delivery', 'party_id');
CREATE TRIGGER delivery_is_not_named AFTER DELETE ON mailings_delivery REFERENCING OLD TABLE AS was_rows
    FOR EACH STATEMENT EXECUTE FUNCTION mailings_are_not_named('mailings_deliveryinvoice', 'delivery_id');
CREATE TRIGGER invoice_is_not_named AFTER DELETE ON invoices_invoice REFERENCING OLD TABLE AS was_rows
    FOR EACH STATEMENT EXECUTE FUNCTION mailings_are_not_named('mailings_deliveryinvoice', 'invoice_id');

CREATE TRIGGER mailing_keeps_its_keys BEFORE UPDATE OF id, company_id ON mailings_mailing FOR EACH ROW
    WHEN ((OLD.id, OLD.company_id) IS DISTINCT FROM (NEW.id, NEW.company_id)) EXECUTE FUNCTION mailings_keep_their_keys();
CREATE TRIGGER party_keeps_its_keys BEFORE UPDATE OF id, company_id ON parties_party FOR EACH ROW
    WHEN ((OLD.id, OLD.company_id) IS DISTINCT FROM (NEW.id, NEW.company_id)) EXECUTE FUNCTION mailings_keep_their_keys();
CREATE TRIGGER invoice_keeps_its_keys BEFORE UPDATE OF id, company_id ON invoices_invoice FOR EACH ROW
    WHEN ((OLD.id, OLD.company_id) IS DISTINCT FROM (NEW.id, NEW.company_id)) EXECUTE FUNCTION mailings_keep_their_keys();
CREATE TRIGGER delivery_keeps_its_keys BEFORE UPDATE OF id, company_id, mailing_id, party_id ON mailings_delivery FOR EACH ROW
    WHEN ((OLD.id, OLD.company_id, OLD.mailing_id, OLD.party_id)
          IS DISTINCT FROM (NEW.id, NEW.company_id, NEW.mailing_id, NEW.party_id))
    EXECUTE FUNCTION mailings_keep_their_keys();
CREATE TRIGGER delivery_invoice_keeps_its_keys BEFORE UPDATE OF company_id, delivery_id, invoice_id ON mailings_deliveryinvoice
    FOR EACH ROW WHEN ((OLD.company_id, OLD.delivery_id, OLD.invoice_id)
                       IS DISTINCT FROM (NEW.company_id, NEW.delivery_id, NEW.invoice_id))
    EXECUTE FUNCTION mailings_keep_their_keys();
