-- What trace, replay, the ledger and the desk's work need.
ALTER TABLE message ADD COLUMN known_as bigint;
CREATE INDEX message_known_as ON message (known_as) WHERE known_as IS NOT NULL;

CREATE TABLE ledger (
    source smallint NOT NULL REFERENCES source (id),
    slot smallint NOT NULL,
    hour timestamptz NOT NULL,
    first timestamptz,
    last timestamptz,
    kept bigint NOT NULL DEFAULT 0,
    again bigint NOT NULL DEFAULT 0,
    filed bigint NOT NULL DEFAULT 0,
    faulty bigint NOT NULL DEFAULT 0,
    items bigint NOT NULL DEFAULT 0,
    said bigint NOT NULL DEFAULT 0,
    lagged bigint NOT NULL DEFAULT 0,
    lag double precision NOT NULL DEFAULT 0,
    PRIMARY KEY (source, hour, slot)
) WITH (fillfactor = 50);

ALTER TABLE parked
ADD COLUMN patient bigint,
ADD COLUMN assigned text NOT NULL DEFAULT '';
CREATE INDEX parked_message ON parked (message);

CREATE TABLE parked_step (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parked bigint NOT NULL,
    replay bigint,
    at timestamptz NOT NULL,
    step text NOT NULL,
    by text NOT NULL,
    given_to text NOT NULL,
    why text NOT NULL
);
CREATE INDEX parked_step_parked ON parked_step (parked, n);
CREATE INDEX parked_step_replay ON parked_step (replay) WHERE replay IS NOT NULL;

ALTER TABLE patient ADD COLUMN reread boolean NOT NULL DEFAULT false;

CREATE TABLE unlinked (
    patient bigint PRIMARY KEY,
    since timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE INDEX statement_message ON statement (message);

CREATE TABLE replay (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    by text NOT NULL,
    why text NOT NULL,
    undone timestamptz,
    undone_by text NOT NULL DEFAULT '',
    undone_why text NOT NULL DEFAULT ''
);

CREATE TABLE replayed (
    message bigint NOT NULL,
    replay bigint NOT NULL REFERENCES replay (n),
    undone timestamptz,
    said integer NOT NULL,
    merged bigint[] NOT NULL,
    PRIMARY KEY (message, replay)
);
CREATE INDEX replayed_replay ON replayed (replay, message);

CREATE TABLE reread (
    home bigint NOT NULL,
    patient bigint NOT NULL,
    message bigint NOT NULL,
    replay bigint NOT NULL,
    at timestamptz NOT NULL,
    t integer NOT NULL,
    shows integer NOT NULL,
    PRIMARY KEY (home, patient, message, t)
);

-- Patients who are nobody yet wait from now on.
INSERT INTO unlinked (patient, since)
SELECT patient.id, now()
FROM patient
LEFT JOIN member ON member.patient = patient.id
WHERE patient.number <> '' AND member.patient IS NULL;

-- The book begins with what is there: what was lost before today, today cannot tell.
INSERT INTO ledger (source, slot, hour, first, last, kept)
SELECT source, 0, date_trunc('hour', received, 'UTC'), min(received), max(received), count(*)
FROM message
GROUP BY source, date_trunc('hour', received, 'UTC');

INSERT INTO ledger (source, slot, hour, filed, faulty, items, said)
SELECT
    message.source, 8, date_trunc('hour', message.received, 'UTC'),
    count(*) FILTER (WHERE found.items IS NULL), count(found.items),
    coalesce(sum(found.items), 0), coalesce(sum(told.said), 0)
FROM message
LEFT JOIN (SELECT message, count(*) AS items FROM parked GROUP BY message) AS found
    ON found.message = message.id
LEFT JOIN (SELECT message, count(*) AS said FROM statement GROUP BY message) AS told
    ON told.message = message.id
WHERE NOT EXISTS (SELECT 1 FROM waiting WHERE waiting.message = message.id)
GROUP BY message.source, date_trunc('hour', message.received, 'UTC');
