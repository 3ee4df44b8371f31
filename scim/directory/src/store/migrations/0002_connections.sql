-- At most one connection of an organisation is the primary one; a token may have an end.

ALTER TABLE connections ADD COLUMN is_primary INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX connections_primary ON connections (org_key) WHERE is_primary;
UPDATE connections SET dialect = 'default' WHERE dialect = 'tolerant';

ALTER TABLE tokens ADD COLUMN ends_at INTEGER;
CREATE INDEX tokens_of_connection ON tokens (connection_key) WHERE connection_key IS NOT NULL;
CREATE INDEX tokens_of_org ON tokens (org_key) WHERE org_key IS NOT NULL;
