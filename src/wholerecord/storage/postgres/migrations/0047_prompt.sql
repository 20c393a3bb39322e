-- What left to a language model, redacted, and what it answered.
CREATE TABLE prompt (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    opening bigint NOT NULL,
    actor text NOT NULL,
    service text NOT NULL,
    sent text NOT NULL,
    fate text NOT NULL,
    answered text NOT NULL DEFAULT ''
);
