CREATE TABLE kek (
    id text PRIMARY KEY,
    proof bytea NOT NULL
);

CREATE TABLE data_key (
    home bigint NOT NULL,
    patient bigint NOT NULL,
    n smallint NOT NULL,
    kek text NOT NULL,
    wrapped bytea,
    destroyed timestamptz,
    destroyed_by text NOT NULL DEFAULT '',
    destroyed_why text NOT NULL DEFAULT '',
    PRIMARY KEY (home, patient, n)
);

CREATE TABLE message_key (
    message bigint PRIMARY KEY,
    kek text NOT NULL,
    wrapped bytea,
    destroyed timestamptz
);
