-- What has happened stays as it was written, whoever writes: each table whose rows are facts has a trigger of this function.
CREATE FUNCTION companies_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME;
END $$;
CREATE TRIGGER companies_auditentry_append_only BEFORE UPDATE OR DELETE ON companies_auditentry
    FOR EACH ROW EXECUTE FUNCTION companies_append_only();
