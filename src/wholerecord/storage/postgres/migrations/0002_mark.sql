CREATE TABLE mark (
    name text PRIMARY KEY,
    value text NOT NULL
);
