from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION companies_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME;
END $$;
CREATE TRIGGER companies_auditentry_append_only BEFORE UPDATE OR DELETE ON companies_auditentry
    FOR EACH ROW EXECUTE FUNCTION companies_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("companies", "0001_initial")]
    operations = [
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER companies_auditentry_append_only ON companies_auditentry; DROP FUNCTION companies_append_only",
        )
    ]
