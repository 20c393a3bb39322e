-- Projects that may ask studies, every study as it was sent, and what each came to.
CREATE TABLE study_project (
    id text COLLATE "C" PRIMARY KEY,
    said bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE study (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    project text NOT NULL,
    actor text NOT NULL,
    purpose text NOT NULL,
    code text NOT NULL,
    said bytea NOT NULL
);
CREATE INDEX study_of_project ON study (project, n);
-- `cells` and `people` are sets of numbers of the tables, compressed.
CREATE TABLE study_run (
    study bigint PRIMARY KEY REFERENCES study (n),
    state text NOT NULL,
    snapshot text NOT NULL,
    told bytea NOT NULL,
    holds boolean NOT NULL,
    near boolean NOT NULL,
    cells bytea NOT NULL,
    people bytea NOT NULL,
    nth bigint UNIQUE,
    released timestamptz,
    CHECK ((nth IS NULL) = (released IS NULL))
);
