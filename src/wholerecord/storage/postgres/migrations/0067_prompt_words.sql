-- The words of prompts encrypted with a key each, whom they are about, and when they were forgotten.
ALTER TABLE prompt ALTER COLUMN answered DROP DEFAULT;
ALTER TABLE prompt
ALTER COLUMN sent TYPE bytea USING convert_to(sent, 'UTF8'),
ALTER COLUMN answered TYPE bytea USING convert_to(answered, 'UTF8');
ALTER TABLE prompt
ALTER COLUMN answered SET DEFAULT '',
ADD COLUMN person text NOT NULL DEFAULT '',
ADD COLUMN taken_out integer NOT NULL DEFAULT 0,
ADD COLUMN kek text,
ADD COLUMN wrapped bytea,
ADD COLUMN forgotten timestamptz;
UPDATE prompt SET person = opening.person
FROM opening
WHERE opening.n = prompt.opening AND opening.person IS NOT NULL;
