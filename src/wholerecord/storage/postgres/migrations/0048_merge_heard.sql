-- What a professional decides counts more than what was heard of merges before.
ALTER TABLE merge_said ADD COLUMN heard timestamptz NOT NULL DEFAULT now();
ALTER TABLE merge_said ALTER COLUMN heard DROP DEFAULT;
