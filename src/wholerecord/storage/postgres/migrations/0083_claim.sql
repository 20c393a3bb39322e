-- Who said that they care for somebody is looked for at the door, and reviewed like an emergency.
CREATE INDEX opening_claim ON opening (person, at) WHERE view = 'claim' AND allowed;
CREATE INDEX opening_reviewed ON opening (n) WHERE purpose = 'emergency' OR view = 'claim';
DROP INDEX opening_emergency;
