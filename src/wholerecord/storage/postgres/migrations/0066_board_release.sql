-- What planners' boards show, as sets of numbers of the tables, compressed: studies are held against
-- it. It is kept before the board is on the register.
CREATE TABLE board_release (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    cells bytea NOT NULL
);
