-- Why a detector asks; and what was answered, so that it is not asked again for the same reason.
ALTER TABLE review ADD COLUMN why text NOT NULL DEFAULT '';
CREATE TABLE answer (
    patient bigint NOT NULL,
    person uuid NOT NULL,
    why text NOT NULL,
    weight double precision NOT NULL,
    parts jsonb NOT NULL,
    against boolean NOT NULL,
    PRIMARY KEY (patient, person, why)
);
