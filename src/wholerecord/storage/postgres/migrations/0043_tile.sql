CREATE TABLE tile (
    place bigint PRIMARY KEY,
    first bigint NOT NULL,
    last bigint NOT NULL,
    root bytea NOT NULL
);
