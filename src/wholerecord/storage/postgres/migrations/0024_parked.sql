-- However much is parked, a first screen reads what may be about its person.
CREATE INDEX parked_patient ON parked (patient, n)
WHERE released IS NULL AND patient IS NOT NULL;
CREATE INDEX parked_nobody ON parked (source, n) WHERE released IS NULL AND patient IS NULL;
