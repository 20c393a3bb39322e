-- What counts no longer (sessions, codes, tokens, assertions), by the SHA-256 of its name.
CREATE TABLE spent (
    name bytea PRIMARY KEY,
    at timestamptz NOT NULL,
    until timestamptz NOT NULL
);
CREATE INDEX spent_until ON spent (until);
