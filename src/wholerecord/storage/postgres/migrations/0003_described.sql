ALTER TABLE patient ADD COLUMN described timestamptz;
