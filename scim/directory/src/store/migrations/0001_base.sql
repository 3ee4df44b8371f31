-- Rows join by integer keys; a uuid stands only on the row that it names. Moments are milliseconds since 1970.

CREATE TABLE orgs (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    slug TEXT NOT NULL,
    slug_folded TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    groups_made INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE connections (
    key INTEGER PRIMARY KEY,
    org_key INTEGER NOT NULL REFERENCES orgs (key),
    name TEXT NOT NULL,
    dialect TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (org_key, name)
) STRICT;

CREATE TABLE tokens (
    hash BLOB PRIMARY KEY,
    org_key INTEGER REFERENCES orgs (key),
    access TEXT NOT NULL,
    connection_key INTEGER REFERENCES connections (key),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    key INTEGER PRIMARY KEY,
    org_key INTEGER NOT NULL REFERENCES orgs (key),
    connection_key INTEGER REFERENCES connections (key),
    id BLOB NOT NULL UNIQUE,
    user_name TEXT NOT NULL,
    user_name_folded TEXT NOT NULL,
    external_id TEXT,
    display_name TEXT,
    active INTEGER NOT NULL,
    document TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    revision INTEGER NOT NULL
) STRICT;

-- A local user has no connection, and NULL equals nothing: 0 stands for it.
CREATE UNIQUE INDEX users_by_name ON users (org_key, user_name_folded, ifnull(connection_key, 0));
CREATE UNIQUE INDEX users_by_external_id ON users (connection_key, external_id)
    WHERE connection_key IS NOT NULL AND external_id IS NOT NULL;
CREATE INDEX users_of_connection ON users (connection_key, key);

CREATE TABLE groups (
    key INTEGER PRIMARY KEY,
    org_key INTEGER NOT NULL REFERENCES orgs (key),
    connection_key INTEGER REFERENCES connections (key),
    id BLOB NOT NULL UNIQUE,
    seq INTEGER NOT NULL,
    slug TEXT NOT NULL,
    slug_folded TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    titles TEXT NOT NULL,
    description TEXT,
    purpose TEXT,
    metadata TEXT NOT NULL,
    state TEXT NOT NULL,
    rule TEXT,
    external_id TEXT,
    document TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (org_key, slug_folded),
    UNIQUE (org_key, seq)
) STRICT;

CREATE UNIQUE INDEX groups_by_name ON groups (connection_key, name_folded) WHERE connection_key IS NOT NULL;
CREATE UNIQUE INDEX groups_by_external_id ON groups (connection_key, external_id)
    WHERE connection_key IS NOT NULL AND external_id IS NOT NULL;
CREATE INDEX groups_of_connection ON groups (connection_key, key);

-- AUTOINCREMENT: the key is how a client names an edge, so none is given out twice.
CREATE TABLE edges (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    org_key INTEGER NOT NULL REFERENCES orgs (key),
    group_key INTEGER NOT NULL REFERENCES groups (key) ON DELETE CASCADE,
    user_key INTEGER REFERENCES users (key) ON DELETE CASCADE,
    member_key INTEGER REFERENCES groups (key) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    via TEXT NOT NULL,
    connection_key INTEGER REFERENCES connections (key),
    owner INTEGER NOT NULL,
    starts_at INTEGER,
    expires_at INTEGER,
    reason TEXT,
    added_by TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    CHECK ((user_key IS NULL) <> (member_key IS NULL))
) STRICT;

CREATE UNIQUE INDEX edges_by_user ON edges (group_key, user_key, kind, via) WHERE user_key IS NOT NULL;
CREATE UNIQUE INDEX edges_by_member ON edges (group_key, member_key, kind, via) WHERE member_key IS NOT NULL;
CREATE INDEX edges_of_group ON edges (group_key, key);
CREATE INDEX edges_of_user ON edges (user_key) WHERE user_key IS NOT NULL;
CREATE INDEX edges_of_member ON edges (member_key) WHERE member_key IS NOT NULL;
CREATE INDEX edges_of_org ON edges (org_key, key);

-- Members that a connection named before it pushed them.
CREATE TABLE pending (
    group_key INTEGER NOT NULL REFERENCES groups (key) ON DELETE CASCADE,
    value TEXT NOT NULL,
    org_key INTEGER NOT NULL REFERENCES orgs (key),
    connection_key INTEGER NOT NULL REFERENCES connections (key),
    added_at INTEGER NOT NULL,
    PRIMARY KEY (group_key, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX pending_by_value ON pending (connection_key, value);

CREATE TABLE roles (
    key INTEGER PRIMARY KEY,
    org_key INTEGER NOT NULL REFERENCES orgs (key),
    id BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    permissions TEXT NOT NULL,
    includes TEXT NOT NULL,
    UNIQUE (org_key, name)
) STRICT;

CREATE TABLE scopes (
    org_key INTEGER NOT NULL REFERENCES orgs (key),
    scope TEXT NOT NULL,
    parents TEXT NOT NULL,
    PRIMARY KEY (org_key, scope)
) STRICT, WITHOUT ROWID;

-- A grant that names neither a user nor a group is for everyone.
CREATE TABLE grants (
    key INTEGER PRIMARY KEY,
    org_key INTEGER NOT NULL REFERENCES orgs (key),
    id BLOB NOT NULL UNIQUE,
    user_key INTEGER REFERENCES users (key) ON DELETE CASCADE,
    group_key INTEGER REFERENCES groups (key) ON DELETE CASCADE,
    role_key INTEGER NOT NULL REFERENCES roles (key) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    reach TEXT NOT NULL,
    effect TEXT NOT NULL,
    requires TEXT NOT NULL,
    starts_at INTEGER,
    expires_at INTEGER,
    reason TEXT,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    CHECK (user_key IS NULL OR group_key IS NULL)
) STRICT;

CREATE INDEX grants_of_org ON grants (org_key, key);
CREATE INDEX grants_of_user ON grants (user_key) WHERE user_key IS NOT NULL;
CREATE INDEX grants_of_group ON grants (group_key) WHERE group_key IS NOT NULL;
CREATE INDEX grants_of_role ON grants (role_key);

-- The facts of each revision: this is the feed.
CREATE TABLE revisions (
    org_key INTEGER NOT NULL REFERENCES orgs (key),
    revision INTEGER NOT NULL,
    at INTEGER NOT NULL,
    facts BLOB NOT NULL,
    PRIMARY KEY (org_key, revision)
) STRICT;

CREATE TABLE audit (
    org_key INTEGER NOT NULL REFERENCES orgs (key),
    seq INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    moves TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (org_key, seq)
) STRICT, WITHOUT ROWID;
