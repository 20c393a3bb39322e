-- name: labels
-- Who has a verified number is labelled with it: two with one label are one person, for training.
ALTER TABLE people ADD COLUMN IF NOT EXISTS label VARCHAR;
UPDATE people SET label = CASE WHEN verified THEN number END;
