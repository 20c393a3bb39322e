-- Rules that withhold a kind, a source or an item; what a rule rests on; and whoever may ask
-- who can see a record.
ALTER TABLE rule
ADD COLUMN kind text,
ADD COLUMN source text,
ADD COLUMN item text,
ADD COLUMN basis text NOT NULL DEFAULT '',
ADD COLUMN controller text NOT NULL DEFAULT '';

INSERT INTO rule (allow, related, purpose, reason, view, role, kinds)
SELECT true, false, new.purpose, new.reason, 'rules', new.role, '{}'
FROM (VALUES
    ('own record', 'patient', 'everyone may see and decide who sees their record'),
    ('safety review', 'governance officer', 'governance answers for who may see what'),
    ('emergency', 'system', 'an operator of the system looked, with a reason, reviewed after')
) AS new (purpose, role, reason)
WHERE EXISTS (SELECT 1 FROM rule WHERE person IS NULL);
