-- Queue: two patients who certainly are one, of two persons; the rules look whether these are one.
CREATE TABLE to_bridge (
    patient bigint NOT NULL,
    other bigint NOT NULL,
    n bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (patient, other)
);
CREATE INDEX to_bridge_n ON to_bridge (n);
CREATE INDEX apart_person ON apart (person);
CREATE INDEX answer_person ON answer (person);
