-- What was spent of the privacy budget: no line is changed or taken out.
CREATE TABLE budget (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    snapshot text NOT NULL,
    what text NOT NULL,
    epsilon bigint NOT NULL CHECK (epsilon > 0)
);
