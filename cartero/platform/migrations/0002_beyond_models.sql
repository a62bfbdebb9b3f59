-- Django's cache, where attempts are counted: here, so that all processes count together. Unlogged: it may be lost.
CREATE UNLOGGED TABLE platform_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX platform_cache_expires ON platform_cache (expires);
