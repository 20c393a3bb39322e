-- A source may take back a merge it said (HL7 v2 A37).
ALTER TABLE to_merge ADD COLUMN undo boolean NOT NULL DEFAULT false;
