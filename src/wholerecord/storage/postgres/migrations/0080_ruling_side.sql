-- The right side, of a ruling that a source named another.
ALTER TABLE ruling ADD COLUMN side text NOT NULL DEFAULT '';
