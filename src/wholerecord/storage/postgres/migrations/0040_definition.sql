-- Definitions that a site loaded: profiles, value sets, code systems. `body` is canonical JSON in
-- zstandard.
CREATE TABLE definition (
    url text NOT NULL,
    version text NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    loaded timestamptz NOT NULL DEFAULT clock_timestamp(),
    body bytea NOT NULL,
    PRIMARY KEY (url, version)
);
