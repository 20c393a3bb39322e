CREATE TABLE look_up (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    at timestamptz NOT NULL,
    until timestamptz NOT NULL
);
CREATE TABLE opted_out (
    person text PRIMARY KEY
);
