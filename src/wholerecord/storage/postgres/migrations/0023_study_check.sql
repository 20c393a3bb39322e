-- What checkers said of a study that waits: each says one thing, once.
CREATE TABLE study_check (
    study bigint NOT NULL REFERENCES study_run (study),
    by text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    approved boolean NOT NULL,
    why text NOT NULL,
    PRIMARY KEY (study, by)
);
