from django.db import migrations

# Counters of attempts live here, so that all processes count together. Unlogged: it may be lost.
CACHE = """
CREATE UNLOGGED TABLE platform_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX platform_cache_expires ON platform_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(CACHE, "DROP TABLE platform_cache")]
