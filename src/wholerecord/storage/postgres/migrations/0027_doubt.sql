-- Looks that somebody reviews: one a day for each pattern, person and who looked (actor "" of a
-- crowd). Closed by an outcome and nothing else.
CREATE TABLE doubt (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pattern text NOT NULL,
    person text NOT NULL,
    actor text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    organisation text NOT NULL,
    first bigint NOT NULL,
    at timestamptz NOT NULL,
    day date NOT NULL,
    evidence text NOT NULL,
    outcome text,
    why text NOT NULL DEFAULT '',
    closed_by text NOT NULL DEFAULT '',
    closed timestamptz,
    UNIQUE (person, pattern, actor, day),
    CHECK ((closed IS NULL) = (outcome IS NULL))
);
CREATE INDEX doubt_open ON doubt (n) WHERE outcome IS NULL;

-- Whose records are watched: every look at them is a doubt.
CREATE TABLE watched (
    person text PRIMARY KEY,
    by text NOT NULL,
    why text NOT NULL,
    at timestamptz NOT NULL
);

CREATE INDEX opening_emergency ON opening (n) WHERE purpose = 'emergency';
CREATE INDEX opening_system ON opening (n) WHERE role = 'system';
