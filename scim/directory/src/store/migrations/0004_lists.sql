-- What lists of a connection's users and groups are found, ordered and counted by.

CREATE INDEX users_of_connection_by_name ON users (connection_key, user_name_folded)
    WHERE connection_key IS NOT NULL;
CREATE INDEX users_of_connection_by_change ON users (connection_key, changed_at)
    WHERE connection_key IS NOT NULL;
CREATE INDEX groups_of_connection_by_change ON groups (connection_key, changed_at)
    WHERE connection_key IS NOT NULL;

-- Values of users' documents that filters ask for, folded; `attribute` is 1 for displayName, 2 for emails.value.
CREATE TABLE user_values (
    connection_key INTEGER NOT NULL REFERENCES connections (key),
    attribute INTEGER NOT NULL,
    value TEXT NOT NULL,
    user_key INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
    PRIMARY KEY (connection_key, attribute, value, user_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX user_values_of_user ON user_values (user_key);

CREATE TABLE resource_counts (
    connection_key INTEGER PRIMARY KEY REFERENCES connections (key),
    users INTEGER NOT NULL,
    groups INTEGER NOT NULL
) STRICT;

INSERT INTO resource_counts (connection_key, users, groups)
    SELECT key, (SELECT count(*) FROM users WHERE connection_key = connections.key),
        (SELECT count(*) FROM groups WHERE connection_key = connections.key) FROM connections;

CREATE TRIGGER count_made_user AFTER INSERT ON users WHEN NEW.connection_key IS NOT NULL BEGIN
    INSERT INTO resource_counts (connection_key, users, groups) VALUES (NEW.connection_key, 1, 0)
        ON CONFLICT (connection_key) DO UPDATE SET users = users + 1;
END;
CREATE TRIGGER count_removed_user AFTER DELETE ON users WHEN OLD.connection_key IS NOT NULL BEGIN
    UPDATE resource_counts SET users = users - 1 WHERE connection_key = OLD.connection_key;
END;
CREATE TRIGGER count_made_group AFTER INSERT ON groups WHEN NEW.connection_key IS NOT NULL BEGIN
    INSERT INTO resource_counts (connection_key, users, groups) VALUES (NEW.connection_key, 0, 1)
        ON CONFLICT (connection_key) DO UPDATE SET groups = groups + 1;
END;
CREATE TRIGGER count_removed_group AFTER DELETE ON groups WHEN OLD.connection_key IS NOT NULL BEGIN
    UPDATE resource_counts SET groups = groups - 1 WHERE connection_key = OLD.connection_key;
END;
