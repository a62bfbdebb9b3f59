-- As before, but of the rows that may be named only those between the lowest and the highest that is: deliveries that are written
-- together follow each other, and to gather all that there are would take longer with every month.
CREATE OR REPLACE FUNCTION mailings_name_their_own() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    column_name text := TG_ARGV[0];
    named_table text := TG_ARGV[1];
    lowest bigint;
    highest bigint;
    stranger bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM now_rows) THEN  -- as in nearly all that record.sql writes; to plan what follows takes long
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT min(%1$I), max(%1$I) FROM now_rows', column_name) INTO lowest, highest;
    EXECUTE format('SELECT min(n.%1$I) FROM now_rows n WHERE NOT EXISTS (
                        SELECT FROM %2$I o
                         WHERE o.company_id = n.company_id AND o.id = n.%1$I AND o.id BETWEEN $1 AND $2)', column_name, named_table)
       INTO stranger USING lowest, highest;
    IF stranger IS NOT NULL THEN
        RAISE foreign_key_violation USING CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME, COLUMN = column_name,
            MESSAGE = format('%s has no row %s in the company of a row of %s', named_table, stranger, TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;
