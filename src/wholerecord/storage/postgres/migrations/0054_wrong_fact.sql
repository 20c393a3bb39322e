-- What was shown and was wrong: taken back or corrected by its source, or ruled wrong.
CREATE TABLE wrong_fact (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person text NOT NULL,
    patient bigint NOT NULL,
    kind text NOT NULL,
    own text NOT NULL,
    at timestamptz NOT NULL,
    how text NOT NULL,
    UNIQUE (patient, kind, own, at)
);
CREATE INDEX wrong_fact_person ON wrong_fact (person, n);

-- Who opened the record meanwhile, and when they said that they know.
CREATE TABLE misinformed (
    fact bigint NOT NULL REFERENCES wrong_fact (n),
    actor text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    organisation text NOT NULL,
    looks integer NOT NULL,
    last timestamptz NOT NULL,
    read timestamptz,
    PRIMARY KEY (fact, actor)
);
CREATE INDEX misinformed_actor ON misinformed (actor, fact) WHERE read IS NULL;
