-- A request to the source of a patient to put right what a ruling says is wrong. `next` is when its
-- message goes, `t` the patient's when it was last held against what its source said.
CREATE TABLE correction (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ruling bigint NOT NULL REFERENCES ruling (n),
    patient bigint NOT NULL,
    owner text NOT NULL,
    due timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'to send',
    next timestamptz NOT NULL,
    t integer NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    via text NOT NULL DEFAULT '',
    sent timestamptz,
    escalated timestamptz,
    reply text NOT NULL DEFAULT '',
    replied_by text NOT NULL DEFAULT '',
    closed timestamptz,
    UNIQUE (ruling, patient)
);
CREATE INDEX correction_open ON correction (n) WHERE closed IS NULL;
CREATE INDEX correction_going ON correction (next) WHERE state IN ('to send', 'to retract');
