-- Merges count by when they were said, whatever order they came in.
ALTER TABLE to_merge ADD COLUMN said timestamptz;

CREATE TABLE merge_said (
    n bigint PRIMARY KEY,
    kept bigint NOT NULL,
    retired bigint NOT NULL,
    undo boolean NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX merge_said_kept ON merge_said (kept);
CREATE INDEX merge_said_retired ON merge_said (retired);
