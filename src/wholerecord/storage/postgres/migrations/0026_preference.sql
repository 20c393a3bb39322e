-- What people decided about who sees their records: each begins and ends together with its rules.
CREATE TABLE preference (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person text NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    words text NOT NULL,
    ended timestamptz,
    ended_by text NOT NULL DEFAULT ''
);
CREATE INDEX preference_person ON preference (person, n);
ALTER TABLE rule ADD COLUMN preference bigint REFERENCES preference (n);
CREATE INDEX rule_preference ON rule (preference) WHERE preference IS NOT NULL;
