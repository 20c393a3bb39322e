-- Policies of the fold as they were proposed, each as its file. `base` is the last step then, 0 for
-- none: signed while it still is. `compared` says what it would change, without a word of anybody's
-- record.
CREATE TABLE policy (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body bytea NOT NULL,
    base bigint NOT NULL,
    by text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    why text NOT NULL,
    at timestamptz NOT NULL,
    compared bytea
);

-- Signatures, and their undoings: never changed. Each names the step before it, so of two at once
-- one is refused.
CREATE TABLE policy_step (
    n bigint PRIMARY KEY,
    act text NOT NULL,
    policy bigint NOT NULL REFERENCES policy (n),
    by text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    why text NOT NULL,
    at timestamptz NOT NULL,
    CHECK (act IN ('signed', 'undone'))
);
