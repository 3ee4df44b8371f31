-- What each connection asked for and what became of it: the newest requests, as far as they are kept.

ALTER TABLE connections ADD COLUMN requests_made INTEGER NOT NULL DEFAULT 0; -- the last `seq` given out

CREATE TABLE requests (
    connection_key INTEGER NOT NULL REFERENCES connections (key),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    micros INTEGER NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    status INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    changes TEXT NOT NULL,
    error TEXT,
    body TEXT,
    body_bytes INTEGER NOT NULL,
    PRIMARY KEY (connection_key, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX requests_failed ON requests (connection_key, seq) WHERE status >= 400;
