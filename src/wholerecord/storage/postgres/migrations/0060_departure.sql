-- What left the system, each with the numbers of the openings that let it out; taken out again once
-- it was held against the log.
CREATE TABLE departure (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    sort text NOT NULL,
    openings jsonb NOT NULL,
    people integer NOT NULL
);
