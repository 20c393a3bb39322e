-- The newest version of each resource, and who has which identifier.
CREATE TABLE resource (
    home bigint NOT NULL,
    patient bigint NOT NULL,
    key bigint NOT NULL,
    t integer NOT NULL,
    n integer NOT NULL,
    versions integer NOT NULL,
    kind smallint NOT NULL,
    gone boolean NOT NULL,
    PRIMARY KEY (home, patient, key, kind)
) WITH (fillfactor = 90);
CREATE TABLE identity (
    token bigint NOT NULL,
    patient bigint NOT NULL,
    key bigint NOT NULL,
    kind smallint NOT NULL,
    PRIMARY KEY (token, kind, patient, key)
);
-- What was filed before has no row: of those patients the statements are looked through instead.
ALTER TABLE patient ADD COLUMN keyed boolean NOT NULL DEFAULT false;
ALTER TABLE patient ALTER COLUMN keyed SET DEFAULT true;
