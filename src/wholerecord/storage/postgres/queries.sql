-- Every query, by name. Arrays in, one round trip however many rows.

-- name: declare
INSERT INTO source (name, controller, title, setting, expected, columns)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (name) DO UPDATE SET
    controller = excluded.controller,
    title = excluded.title,
    setting = excluded.setting,
    expected = excluded.expected,
    columns = excluded.columns;

-- name: sources
SELECT id, name, controller, title, setting, expected, columns FROM source ORDER BY name;

-- name: source_ids
SELECT name, id FROM source;

-- name: kinds
SELECT id, name FROM kind;

-- name: add_kinds
INSERT INTO kind (name) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING;

-- name: dictionaries
SELECT id, data FROM dictionary;

-- name: add_dictionary
INSERT INTO dictionary (id, name, data) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: keep
-- Keep what is new of a batch in which no two are alike. What is not returned was kept before, or
-- has the control id of a message with other bytes. Numbered in the order they came, inserted in
-- the order of their hashes: two who are sent the same in another order wait in no ring.
WITH said AS MATERIALIZED (
    SELECT *, nextval(pg_get_serial_sequence('message', 'id')) AS id
    FROM unnest(
        $1::smallint[], $2::bytea[], $3::text[], $4::integer[], $5::bytea[], $6::text[], $7::text[],
        $8::bigint[], $10::text[], $11::bytea[]
    ) AS said (source, sha256, name, size, body, control, sender, known_as, kek, wrapped)
),
kept AS (
    INSERT INTO message (
        id, source, sha256, name, size, body, control, sender, known_as, received
    ) OVERRIDING SYSTEM VALUE
    SELECT id, source, sha256, name, size, body, control, sender, known_as, clock_timestamp()
    FROM said
    ORDER BY source, sha256
    ON CONFLICT DO NOTHING
    RETURNING id, source, sha256, size, received
),
queued AS (
    INSERT INTO waiting (message, size) SELECT id, size FROM kept
),
keyed AS (
    INSERT INTO message_key (message, kek, wrapped)
    SELECT kept.id, said.kek, said.wrapped
    FROM kept
    INNER JOIN said ON said.source = kept.source AND said.sha256 = kept.sha256
    WHERE said.wrapped IS NOT NULL
),
counted AS (
    INSERT INTO feed (source, slot, messages, last_received)
    SELECT source, $9, count(*), max(received) FROM kept GROUP BY source ORDER BY source
    ON CONFLICT (source, slot) DO UPDATE SET
        messages = feed.messages + excluded.messages,
        last_received = greatest(feed.last_received, excluded.last_received)
),
booked AS (
    INSERT INTO ledger (source, slot, hour, kept, first, last)
    SELECT
        source, $9, date_trunc('hour', received, 'UTC'), count(*), min(received), max(received)
    FROM kept
    GROUP BY source, date_trunc('hour', received, 'UTC')
    ORDER BY source, date_trunc('hour', received, 'UTC')
    ON CONFLICT (source, hour, slot) DO UPDATE SET
        kept = ledger.kept + excluded.kept,
        first = least(ledger.first, excluded.first),
        last = greatest(ledger.last, excluded.last)
)
SELECT id, source, sha256, received FROM kept;

-- name: keep_written
-- Keep what clients write, of which no two are alike: it is filed in the same commit and waits for
-- nobody. What is not returned was kept before.
WITH said AS (
    SELECT *
    FROM unnest(
        $1::smallint[], $2::bytea[], $3::integer[], $4::bytea[], $6::text[], $7::bytea[]
    ) AS said (source, sha256, size, body, kek, wrapped)
),
kept AS (
    INSERT INTO message (source, sha256, name, size, body, received)
    SELECT source, sha256, 'write', size, body, clock_timestamp() FROM said
    ON CONFLICT DO NOTHING
    RETURNING id, source, sha256, received
),
keyed AS (
    INSERT INTO message_key (message, kek, wrapped)
    SELECT kept.id, said.kek, said.wrapped
    FROM kept
    INNER JOIN said ON said.source = kept.source AND said.sha256 = kept.sha256
    WHERE said.wrapped IS NOT NULL
),
counted AS (
    INSERT INTO feed (source, slot, messages, last_received)
    SELECT source, $5, count(*), max(received) FROM kept GROUP BY source ORDER BY source
    ON CONFLICT (source, slot) DO UPDATE SET
        messages = feed.messages + excluded.messages,
        last_received = greatest(feed.last_received, excluded.last_received)
),
booked AS (
    INSERT INTO ledger (source, slot, hour, kept, first, last)
    SELECT
        source, $5, date_trunc('hour', received, 'UTC'), count(*), min(received), max(received)
    FROM kept
    GROUP BY source, date_trunc('hour', received, 'UTC')
    ORDER BY source, date_trunc('hour', received, 'UTC')
    ON CONFLICT (source, hour, slot) DO UPDATE SET
        kept = ledger.kept + excluded.kept,
        first = least(ledger.first, excluded.first),
        last = greatest(ledger.last, excluded.last)
)
SELECT id, source, sha256, received FROM kept;

-- name: keep_reused
-- Keep messages whose control id came before with other bytes: parked and not queued, because two
-- messages with one id are for people to tell apart. Not returned is what somebody else keeps at
-- this moment.
WITH said AS (
    SELECT *
    FROM unnest(
        $1::smallint[], $2::bytea[], $3::text[], $4::integer[], $5::bytea[], $6::text[], $7::text[],
        $8::bigint[], $13::text[], $14::bytea[]
    ) WITH ORDINALITY AS said (
        source, sha256, name, size, body, control, sender, known_as, kek, wrapped, position
    )
),
counted_before AS (
    SELECT said.position, max(message.again) AS again
    FROM said
    INNER JOIN message
        ON message.control = said.control
        AND message.source = said.source
        AND message.sender = said.sender
    GROUP BY said.position
),
numbered AS (
    SELECT
        said.*,
        coalesce(counted_before.again, -1) + row_number() OVER (
            PARTITION BY said.control, said.source, said.sender ORDER BY said.position
        ) AS again
    FROM said
    LEFT JOIN counted_before USING (position)
),
kept AS (
    INSERT INTO message (
        source, sha256, name, size, body, control, sender, known_as, again, received
    )
    SELECT
        source, sha256, name, size, body, control, sender, known_as, again, clock_timestamp()
    FROM numbered
    ORDER BY position
    ON CONFLICT DO NOTHING
    RETURNING id, source, sha256, received
),
put_aside AS (
    INSERT INTO parked (message, source, place, reason, says, owner, since)
    SELECT kept.id, kept.source, $10, $11, $12, source.controller, kept.received
    FROM kept
    INNER JOIN source ON source.id = kept.source
    ORDER BY kept.id
),
keyed AS (
    INSERT INTO message_key (message, kek, wrapped)
    SELECT kept.id, said.kek, said.wrapped
    FROM kept
    INNER JOIN said ON said.source = kept.source AND said.sha256 = kept.sha256
    WHERE said.wrapped IS NOT NULL
),
counted AS (
    INSERT INTO feed (source, slot, messages, last_received)
    SELECT source, $9, count(*), max(received) FROM kept GROUP BY source ORDER BY source
    ON CONFLICT (source, slot) DO UPDATE SET
        messages = feed.messages + excluded.messages,
        last_received = greatest(feed.last_received, excluded.last_received)
),
booked AS (
    INSERT INTO ledger (source, slot, hour, kept, first, last, faulty, items)
    SELECT
        source, $9, date_trunc('hour', received, 'UTC'), count(*), min(received), max(received),
        count(*), count(*)
    FROM kept
    GROUP BY source, date_trunc('hour', received, 'UTC')
    ORDER BY source, date_trunc('hour', received, 'UTC')
    ON CONFLICT (source, hour, slot) DO UPDATE SET
        kept = ledger.kept + excluded.kept,
        faulty = ledger.faulty + excluded.faulty,
        items = ledger.items + excluded.items,
        first = least(ledger.first, excluded.first),
        last = greatest(ledger.last, excluded.last)
)
SELECT id, source, sha256, received FROM kept;

-- name: count_again
INSERT INTO ledger (source, slot, hour, again)
SELECT source, $3, date_trunc('hour', clock_timestamp(), 'UTC'), again
FROM unnest($1::smallint[], $2::bigint[]) AS came (source, again)
ORDER BY source
ON CONFLICT (source, hour, slot) DO UPDATE SET again = ledger.again + excluded.again;

-- name: kept_before
SELECT
    message.id, message.source, message.sha256, message.received, message.again > 0 AS reused
FROM unnest($1::smallint[], $2::bytea[]) AS said (source, sha256)
INNER JOIN message USING (source, sha256);

-- name: pledge
-- The hash that the key stands for: this one where the key is new.
WITH new AS (
    INSERT INTO posted (source, key, sha256, at) VALUES ($1, $2, $3, clock_timestamp())
    ON CONFLICT DO NOTHING
    RETURNING sha256
)
SELECT sha256 FROM new
UNION ALL
SELECT sha256 FROM posted WHERE source = $1 AND key = $2;

-- name: message
SELECT message.source AS source_id, message.sha256, message.body, message_key.kek, message_key.wrapped
FROM message
LEFT JOIN message_key ON message_key.message = message.id
WHERE message.id = $1;

-- name: claim
-- The oldest waiting messages nobody else has, but no more bytes than $2 after the first.
WITH mine AS (
    SELECT message, size FROM waiting ORDER BY message LIMIT $1 FOR UPDATE SKIP LOCKED
),
bounded AS (
    SELECT message, sum(size) OVER (ORDER BY message) - size AS before FROM mine
)
SELECT
    message.id, message.received, message.name, message.body, message.source AS source_id,
    source.name AS source, source.columns, source.controller, message.sha256, message_key.kek,
    message_key.wrapped
FROM bounded
INNER JOIN message ON message.id = bounded.message
INNER JOIN source ON source.id = message.source
LEFT JOIN message_key ON message_key.message = message.id
WHERE bounded.before < $2
ORDER BY message.id;

-- name: unclaim
DELETE FROM waiting WHERE message = ANY($1::bigint[]);

-- name: know_patients
-- Sorted by id here and in lock_patients, so that two filers never wait for each other in a ring.
INSERT INTO patient (id, home, source, number)
SELECT id, home, source, number
FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[])
    AS said (id, home, source, number)
ORDER BY id
ON CONFLICT (id) DO NOTHING
RETURNING id;

-- name: wait_to_link
INSERT INTO unlinked (patient, since)
SELECT id, clock_timestamp() FROM patient WHERE id = ANY($1::bigint[]) AND number <> ''
ORDER BY id
ON CONFLICT DO NOTHING;

-- name: lock_patients
SELECT id, home, t, source, number, demographics, described, keyed
FROM patient
WHERE id = ANY($1::bigint[])
ORDER BY id
FOR UPDATE;

-- name: clock
SELECT clock_timestamp();

-- name: move_patients
UPDATE patient
SET
    t = patient.t + moved.by,
    demographics = coalesce(moved.demographics, patient.demographics),
    described = coalesce(moved.described, patient.described)
FROM unnest($1::bigint[], $2::integer[], $3::bytea[], $4::timestamptz[])
    AS moved (id, by, demographics, described)
WHERE patient.id = moved.id;

-- name: drop_keys
DELETE FROM blocking_key
USING unnest($1::bigint[], $2::bigint[]) AS old (key, patient)
WHERE blocking_key.key = old.key AND blocking_key.patient = old.patient;

-- name: add_keys
INSERT INTO blocking_key (key, patient)
SELECT key, patient FROM unnest($1::bigint[], $2::bigint[]) AS new (key, patient)
ORDER BY key, patient
ON CONFLICT DO NOTHING;

-- name: queue_links
-- Numbered in the order given, inserted in the order of ids, as locks are taken. DO UPDATE and not
-- DO NOTHING: it waits for a linker that has taken the row and may have read the demographics
-- before they changed. Whose $3 a key $2 is by which they are linked, where that is known.
WITH given AS (
    SELECT patient FROM unnest($1::bigint[]) WITH ORDINALITY AS changed (patient, place)
    ORDER BY place
),
numbered AS MATERIALIZED (
    SELECT patient, nextval(pg_get_serial_sequence('to_link', 'n')) AS n FROM given
),
keyed AS (
    SELECT patient, array_agg(key ORDER BY key) AS keys
    FROM unnest($2::bigint[], $3::bigint[]) AS linking (key, patient)
    GROUP BY patient
)
INSERT INTO to_link (patient, n, keys) OVERRIDING SYSTEM VALUE
SELECT numbered.patient, numbered.n, keyed.keys
FROM numbered LEFT JOIN keyed ON keyed.patient = numbered.patient
ORDER BY numbered.patient
ON CONFLICT (patient) DO UPDATE SET keys = excluded.keys;

-- name: queue_merges
INSERT INTO to_merge (kept, retired, undo, said)
SELECT kept, retired, undo, at
FROM unnest($1::bigint[], $2::bigint[], $3::boolean[], $4::timestamptz[])
    WITH ORDINALITY AS said (kept, retired, undo, at, place)
ORDER BY place;

-- name: park
INSERT INTO parked (message, source, place, reason, says, owner, patient, since)
SELECT message, source, place, reason, says, owner, patient, clock_timestamp()
FROM unnest(
    $1::bigint[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[]
) WITH ORDINALITY AS said (message, source, place, reason, says, owner, patient, position)
ORDER BY position
RETURNING n;

-- name: book_filed
INSERT INTO ledger (source, slot, hour, filed, faulty, items, said, lagged, lag)
SELECT source, $9, hour, filed, faulty, items, said, lagged, lag
FROM unnest(
    $1::smallint[], $2::timestamptz[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
    $7::bigint[], $8::double precision[]
) AS filed (source, hour, filed, faulty, items, said, lagged, lag)
ORDER BY source, hour
ON CONFLICT (source, hour, slot) DO UPDATE SET
    filed = ledger.filed + excluded.filed,
    faulty = ledger.faulty + excluded.faulty,
    items = ledger.items + excluded.items,
    said = ledger.said + excluded.said,
    lagged = ledger.lagged + excluded.lagged,
    lag = ledger.lag + excluded.lag;

-- name: count_said
INSERT INTO feed (source, slot, said, newest)
SELECT source, $4, said, newest
FROM unnest($1::smallint[], $2::bigint[], $3::timestamptz[]) AS filed (source, said, newest)
ORDER BY source
ON CONFLICT (source, slot) DO UPDATE SET
    said = feed.said + excluded.said,
    newest = greatest(feed.newest, excluded.newest);

-- name: parked
SELECT
    parked.n, parked.message, source.name AS source, parked.place, parked.reason, parked.says,
    parked.owner, parked.since, parked.released, parked.released_by, parked.released_why,
    parked.patient, parked.assigned
FROM parked
INNER JOIN source ON source.id = parked.source
WHERE ($1::text IS NULL OR source.name = $1) AND (NOT $2::boolean OR parked.released IS NULL)
ORDER BY parked.n
LIMIT $3;

-- name: parked_counts
SELECT source.name AS source, parked.reason, parked.says, count(*) AS items
FROM parked INNER JOIN source ON source.id = parked.source
WHERE NOT $1::boolean OR parked.released IS NULL
GROUP BY source.name, parked.reason, parked.says
ORDER BY source.name COLLATE "C", parked.reason COLLATE "C", parked.says COLLATE "C";

-- name: parked_of_nobody
SELECT
    item.n, item.message, source.name AS source, item.place, item.reason, item.says, item.owner,
    item.since, item.released, item.released_by, item.released_why, item.patient, item.assigned
FROM source
CROSS JOIN LATERAL (
    SELECT * FROM parked
    WHERE parked.source = source.id AND parked.released IS NULL AND parked.patient IS NULL
    ORDER BY parked.n LIMIT $1
) AS item
ORDER BY source.name COLLATE "C", item.n;

-- name: parked_about
SELECT
    parked.n, parked.message, source.name AS source, parked.place, parked.reason, parked.says,
    parked.owner, parked.since, parked.released, parked.released_by, parked.released_why,
    parked.patient, parked.assigned
FROM parked
INNER JOIN source ON source.id = parked.source
WHERE parked.patient = ANY($1::bigint[]) AND parked.released IS NULL
ORDER BY parked.n;

-- name: parked_patients
SELECT DISTINCT patient FROM parked
WHERE patient IS NOT NULL AND released IS NULL
ORDER BY patient LIMIT $1;

-- name: parked_item
SELECT
    parked.n, parked.message, source.name AS source, parked.place, parked.reason, parked.says,
    parked.owner, parked.since, parked.released, parked.released_by, parked.released_why,
    parked.patient, parked.assigned
FROM parked
INNER JOIN source ON source.id = parked.source
WHERE parked.n = $1;

-- name: parked_of
SELECT
    parked.n, parked.message, source.name AS source, parked.place, parked.reason, parked.says,
    parked.owner, parked.since, parked.released, parked.released_by, parked.released_why,
    parked.patient, parked.assigned
FROM parked
INNER JOIN source ON source.id = parked.source
WHERE parked.message = ANY($1::bigint[])
ORDER BY parked.n;

-- name: release
-- A closed item stays as it was closed; the step is written down once.
WITH closed AS (
    UPDATE parked SET released = clock_timestamp(), released_by = $2, released_why = $3
    WHERE n = $1 AND released IS NULL
    RETURNING n, released
),
step AS (
    INSERT INTO parked_step (parked, at, step, by, given_to, why)
    SELECT n, released, 'RELEASE', $2, '', $3 FROM closed
)
SELECT n FROM parked WHERE n = $1;

-- name: assign
WITH given AS (
    UPDATE parked SET assigned = $2 WHERE n = $1 RETURNING n
),
step AS (
    INSERT INTO parked_step (parked, at, step, by, given_to, why)
    SELECT n, clock_timestamp(), 'ASSIGN', $3, $2, $4 FROM given
)
SELECT n FROM given;

-- name: note
INSERT INTO parked_step (parked, at, step, by, given_to, why)
SELECT n, clock_timestamp(), 'NOTE', $2, '', $3 FROM parked WHERE n = $1
RETURNING n;

-- name: add_steps
INSERT INTO parked_step (parked, replay, at, step, by, given_to, why)
SELECT parked, $2, clock_timestamp(), $3, $4, '', $5 FROM unnest($1::bigint[]) AS done (parked);

-- name: steps
SELECT n, parked, replay, at, step, by, given_to, why FROM parked_step WHERE parked = $1 ORDER BY n;

-- name: steps_of_replay
SELECT parked_step.parked, parked_step.step, parked.released IS NULL AS open
FROM parked_step
INNER JOIN parked ON parked.n = parked_step.parked
WHERE parked_step.replay = $1 AND parked.message = $2
ORDER BY parked_step.n;

-- name: close_parked
UPDATE parked SET released = clock_timestamp(), released_by = $2, released_why = $3
WHERE n = ANY($1::bigint[]) AND released IS NULL;

-- name: open_parked
UPDATE parked SET released = NULL, released_by = '', released_why = '' WHERE n = ANY($1::bigint[]);

-- name: unlinked
SELECT
    unlinked.patient, source.name AS source, source.controller AS owner, unlinked.since,
    (
        SELECT min(statement.message) FROM statement
        WHERE statement.home = patient.home AND statement.patient = patient.id
    ) AS message
FROM unlinked
INNER JOIN patient ON patient.id = unlinked.patient
INNER JOIN source ON source.id = patient.source
ORDER BY unlinked.since, unlinked.patient
LIMIT $1;

-- name: hours
SELECT
    source.name AS source, ledger.hour, min(ledger.first) AS first, max(ledger.last) AS last,
    sum(ledger.kept)::bigint AS kept, sum(ledger.again)::bigint AS again,
    sum(ledger.filed)::bigint AS filed, sum(ledger.faulty)::bigint AS faulty,
    sum(ledger.items)::bigint AS items, sum(ledger.said)::bigint AS said,
    sum(ledger.lagged)::bigint AS lagged, sum(ledger.lag) AS lag
FROM ledger
INNER JOIN source ON source.id = ledger.source
WHERE ledger.hour >= coalesce($1::timestamptz, '-infinity')
GROUP BY source.name, ledger.hour
ORDER BY source.name, ledger.hour;

-- name: counted
-- Each row there is, counted where its message was received. A statement has the source and the
-- moment of its message, so that it is counted though the message were lost.
WITH kept AS (
    SELECT source, (received AT TIME ZONE 'UTC')::date AS day, count(*) AS messages
    FROM message GROUP BY 1, 2
),
queued AS (
    SELECT message.source, (message.received AT TIME ZONE 'UTC')::date AS day, count(*) AS waiting
    FROM waiting INNER JOIN message ON message.id = waiting.message GROUP BY 1, 2
),
put_aside AS (
    SELECT
        parked.source, (message.received AT TIME ZONE 'UTC')::date AS day,
        count(DISTINCT parked.message) AS faulty, count(*) AS items
    FROM parked INNER JOIN message ON message.id = parked.message GROUP BY 1, 2
),
told AS (
    SELECT
        patient.source, (statement.received AT TIME ZONE 'UTC')::date AS day,
        count(*) AS statements
    FROM statement INNER JOIN patient ON patient.id = statement.patient GROUP BY 1, 2
),
every_day AS (
    SELECT source, day FROM kept
    UNION
    SELECT source, day FROM told
)
SELECT
    source.name AS source, every_day.day, coalesce(kept.messages, 0) AS messages,
    coalesce(queued.waiting, 0) AS waiting, coalesce(put_aside.faulty, 0) AS faulty,
    coalesce(put_aside.items, 0) AS items, coalesce(told.statements, 0) AS statements
FROM every_day
INNER JOIN source ON source.id = every_day.source
LEFT JOIN kept USING (source, day)
LEFT JOIN queued USING (source, day)
LEFT JOIN put_aside USING (source, day)
LEFT JOIN told USING (source, day)
ORDER BY every_day.day, source.name;

-- name: feeds
WITH counted AS (
    SELECT
        source, sum(messages) AS messages, max(last_received) AS last_received,
        max(newest) AS newest
    FROM feed GROUP BY source
),
queued AS (
    SELECT message.source, count(*) AS messages
    FROM waiting INNER JOIN message ON message.id = waiting.message
    GROUP BY message.source
),
open_items AS (
    SELECT source, count(*) AS items FROM parked WHERE released IS NULL GROUP BY source
)
SELECT
    source.name, source.controller, source.title, source.setting, source.expected,
    source.columns, counted.last_received, counted.newest,
    coalesce(counted.messages, 0)::bigint AS messages,
    coalesce(queued.messages, 0) AS waiting,
    coalesce(open_items.items, 0) AS parked
FROM source
LEFT JOIN counted ON counted.source = source.id
LEFT JOIN queued ON queued.source = source.id
LEFT JOIN open_items ON open_items.source = source.id
ORDER BY source.name;

-- name: received
SELECT
    (SELECT count(*) FROM message) AS messages,
    (SELECT count(*) FROM waiting) AS waiting,
    (SELECT count(DISTINCT message) FROM parked) AS faulty,
    (SELECT count(*) FROM parked) AS parked,
    (SELECT count(*) FROM parked WHERE released IS NULL) AS open,
    (SELECT coalesce(sum(said), 0)::bigint FROM feed) AS said,
    (SELECT count(*) FROM statement) AS statements,
    (
        SELECT count(*) FROM patient
        INNER JOIN statement ON statement.home = patient.home AND statement.patient = patient.id
        WHERE patient.number = ''
    ) AS directory,
    (
        SELECT count(*) FROM patient
        INNER JOIN statement ON statement.home = patient.home AND statement.patient = patient.id
        WHERE patient.number <> ''
            AND NOT EXISTS (SELECT 1 FROM member WHERE member.patient = patient.id)
    ) AS unlinked,
    (SELECT count(*) FROM patient WHERE number <> '') AS patients,
    (SELECT count(DISTINCT person) FROM member) AS people;

-- name: statements
-- One row for each filing after `before`, its statements in arrays alike in order: a row of each
-- statement took three times as long to read. A filing is of one message. Of a patient without any
-- there is a row that says so.
SELECT
    seen.request, patient.id, patient.source, patient.reread, filing.t, filing.message,
    filing.received, filing.n, filing.kind, filing.place, filing.dictionary, filing.body
FROM unnest($1::integer[], $2::bigint[], $3::integer[], $4::integer[])
    AS seen (request, patient, before, t)
INNER JOIN patient ON patient.id = seen.patient
LEFT JOIN LATERAL (
    SELECT
        statement.t, min(statement.message) AS message, min(statement.received) AS received,
        array_agg(statement.n) AS n, array_agg(statement.kind) AS kind,
        array_agg(statement.place) AS place, array_agg(statement.dictionary) AS dictionary,
        array_agg(statement.body) AS body
    FROM statement
    WHERE statement.home = patient.home
        AND statement.patient = patient.id
        AND statement.t > seen.before
        AND statement.t <= seen.t
    GROUP BY statement.t
) AS filing ON true;

-- name: statements_of_kinds
-- The same of the FHIR types $4 alone, which are few of a record.
SELECT
    seen.request, patient.id, patient.source, patient.reread, filing.t, filing.message,
    filing.received, filing.n, filing.kind, filing.place, filing.dictionary, filing.body
FROM unnest($1::integer[], $2::bigint[], $3::integer[]) AS seen (request, patient, t)
INNER JOIN patient ON patient.id = seen.patient
CROSS JOIN LATERAL (
    SELECT
        statement.t, min(statement.message) AS message, min(statement.received) AS received,
        array_agg(statement.n) AS n, array_agg(statement.kind) AS kind,
        array_agg(statement.place) AS place, array_agg(statement.dictionary) AS dictionary,
        array_agg(statement.body) AS body
    FROM statement
    WHERE statement.home = patient.home
        AND statement.patient = patient.id
        AND statement.t <= seen.t
        AND statement.kind IN (SELECT kind.id FROM kind WHERE kind.name = ANY($4::text[]))
    GROUP BY statement.t
) AS filing;

-- name: rereads
SELECT reread.patient, reread.message, reread.replay, reread.t, reread.shows
FROM reread
INNER JOIN patient ON patient.home = reread.home AND patient.id = reread.patient
WHERE patient.id = ANY($1::bigint[])
ORDER BY reread.patient, reread.t;

-- name: said_by
SELECT
    0 AS request, patient.id, patient.source, patient.reread, statement.t,
    min(statement.message) AS message, min(statement.received) AS received,
    array_agg(statement.n) AS n, array_agg(statement.kind) AS kind,
    array_agg(statement.place) AS place, array_agg(statement.dictionary) AS dictionary,
    array_agg(statement.body) AS body
FROM statement
INNER JOIN patient ON patient.id = statement.patient
WHERE statement.message = ANY($1::bigint[])
GROUP BY patient.id, statement.t;

-- name: kept_again
SELECT
    message.id, message.received, message.name, message.body, source.name AS source,
    source.columns, message.source AS source_id, message.sha256, message_key.kek,
    message_key.wrapped
FROM message
INNER JOIN source ON source.id = message.source
LEFT JOIN message_key ON message_key.message = message.id
WHERE message.id > $1
    AND message_key.destroyed IS NULL
    AND ($2::smallint IS NULL OR message.source = $2)
    AND ($3::timestamptz IS NULL OR message.received >= $3)
    AND ($4::timestamptz IS NULL OR message.received < $4)
    AND ($5::bigint[] IS NULL OR message.id = ANY($5))
    AND message.again = 0
    AND NOT EXISTS (SELECT 1 FROM waiting WHERE waiting.message = message.id)
ORDER BY message.id
LIMIT $6;

-- name: standing
SELECT id, t FROM patient WHERE id = ANY($1::bigint[]);

-- name: is_filed
SELECT
    source.controller, message.source,
    NOT EXISTS (SELECT 1 FROM waiting WHERE waiting.message = message.id) AS filed,
    EXISTS (SELECT 1 FROM parked WHERE parked.message = message.id) AS faulty
FROM message
INNER JOIN source ON source.id = message.source
WHERE message.id = $1
FOR UPDATE OF message;

-- name: begin_replay
INSERT INTO replay (by, why, at) VALUES ($1, $2, clock_timestamp()) RETURNING n;

-- name: replay_known
SELECT EXISTS (SELECT 1 FROM replay WHERE n = $1);

-- name: add_replayed
INSERT INTO replayed (message, replay, said, merged) VALUES ($1, $2, $3, $4)
ON CONFLICT (message, replay) DO UPDATE SET undone = NULL;

-- name: add_rereads
INSERT INTO reread (home, patient, message, replay, t, shows, at)
SELECT home, patient, $1, $2, t, shows, clock_timestamp()
FROM unnest($3::bigint[], $4::bigint[], $5::integer[], $6::integer[])
    AS again (home, patient, t, shows);

-- name: mark_reread
UPDATE patient SET reread = true WHERE id = ANY($1::bigint[]);

-- name: rereads_of
SELECT patient, message, replay, t, shows FROM reread
WHERE home = ANY($2::bigint[]) AND patient = ANY($3::bigint[]) AND message = $1
ORDER BY patient, t;

-- name: replayed_patients
SELECT DISTINCT reread.patient FROM reread
WHERE reread.message = $1 AND reread.replay = $2
ORDER BY reread.patient;

-- name: replayed
SELECT message FROM replayed WHERE replay = $1 AND undone IS NULL ORDER BY message;

-- name: replayed_message
SELECT merged FROM replayed WHERE message = $1 AND replay = $2 AND undone IS NULL FOR UPDATE;

-- name: later_replay
SELECT min(replay) FROM replayed WHERE message = $1 AND replay > $2 AND undone IS NULL;

-- name: undo_replayed
UPDATE replayed SET undone = clock_timestamp() WHERE message = $1 AND replay = $2;

-- name: undo_replay
UPDATE replay SET undone = clock_timestamp(), undone_by = $2, undone_why = $3
WHERE n = $1
    AND undone IS NULL
    AND NOT EXISTS (SELECT 1 FROM replayed WHERE replay = $1 AND replayed.undone IS NULL);

-- name: replays
SELECT
    replay.n, replay.at, replay.by, replay.why, replay.undone, replay.undone_by,
    replay.undone_why, count(replayed.message) AS messages
FROM replay
LEFT JOIN replayed ON replayed.replay = replay.n
GROUP BY replay.n
ORDER BY replay.n DESC
LIMIT $1;

-- name: find_messages
-- By the control id its sender gave, by the id that stands in it, by its number or its hash.
SELECT id FROM message WHERE control = $1
UNION
SELECT id FROM message WHERE known_as = $2
UNION
SELECT id FROM message WHERE id = $3
UNION
SELECT message.id FROM message
WHERE message.source = ANY(ARRAY(SELECT source.id FROM source)) AND message.sha256 = $4
ORDER BY id
LIMIT $5;

-- name: traced
SELECT
    message.id, message.received, message.name, message.size, message.sha256, message.control,
    message.sender, message.again, source.name AS source, source.controller,
    EXISTS (SELECT 1 FROM waiting WHERE waiting.message = message.id) AS waiting,
    (SELECT min(filed) FROM statement WHERE statement.message = message.id) AS filed
FROM message
INNER JOIN source ON source.id = message.source
WHERE message.id = $1;

-- name: replays_of
SELECT replay FROM replayed WHERE message = $1 AND undone IS NULL ORDER BY replay;

-- name: openings_that_showed
-- Looks at any of these persons, by somebody who was shown entries, at a time when the patient's
-- record held the statement.
SELECT count(*) FROM opening
WHERE opening.person = ANY($1::text[])
    AND opening.allowed
    AND opening.view = ANY($2::text[])
    AND EXISTS (
        SELECT 1 FROM unnest($3::text[], $4::integer[]) AS said (patient, t)
        WHERE (opening.seen ->> said.patient)::integer >= said.t
    );

-- name: persons_ever
SELECT DISTINCT patient, person FROM link_event
WHERE patient = ANY($1::bigint[]) AND act NOT IN ('veto', 'retract', 'unsure', 'propose');

-- name: samples
-- Bodies taken from all over the table, no more of any type than $1, in no order that means much.
SELECT patient, t, n, kind, dictionary, body
FROM (
    SELECT
        patient, t, statement.n, kind, dictionary, body,
        row_number() OVER (PARTITION BY kind ORDER BY hashint8(message), n) AS place
    FROM statement
) AS shuffled
WHERE place <= $1;

-- name: claim_links
SELECT what, id, demographics, person, keys FROM claim_links($1, $2);

-- name: link_newcomers
SELECT n, at FROM link_newcomers($1, $2, $3, $4, $5, $6, $7);

-- name: link_candidates
SELECT what, id, demographics, person, keys FROM link_candidates($1, $2, $3);

-- name: queue_bridges
INSERT INTO to_bridge (patient, other)
SELECT patient, other FROM unnest($1::bigint[], $2::bigint[]) AS certain (patient, other)
ON CONFLICT DO NOTHING;

-- name: claim_bridge
SELECT patient, other FROM to_bridge ORDER BY n LIMIT 1 FOR UPDATE SKIP LOCKED;

-- name: bridge_done
DELETE FROM to_bridge WHERE patient = $1 AND other = $2;

-- name: bridge_members
-- Everybody who is a person that one of these patients is; the first $2 of them.
SELECT patient.id, patient.demographics, member.person
FROM member
INNER JOIN patient ON patient.id = member.patient
WHERE member.person IN (SELECT known.person FROM member AS known WHERE known.patient = ANY($1::bigint[]))
ORDER BY patient.id
LIMIT $2;

-- name: lock_keys
-- As `link_candidates` locks them: who links somebody by one of these keys waits.
SELECT pg_advisory_xact_lock(1463897172, bucket)
FROM (
    SELECT DISTINCT (key & 1023)::integer AS bucket FROM unnest($1::bigint[]) AS asked (key)
    ORDER BY bucket
) AS buckets;

-- name: apart_of
SELECT patient, person FROM apart WHERE person = ANY($1::uuid[]);

-- name: own
-- Those of these persons of whom something is kept by who they are: a rule, a choice, a watch.
SELECT person FROM rule WHERE ended IS NULL AND person = ANY($1::text[])
UNION
SELECT person FROM telling_choice WHERE person = ANY($1::text[])
UNION
SELECT person FROM watched WHERE person = ANY($1::text[]);

-- name: carry
-- Whoever is $1 has become $2: what was asked, answered and decided about others and $1 holds of $2.
WITH decided AS (
    INSERT INTO apart (patient, person)
    SELECT apart.patient, $2 FROM apart WHERE apart.person = $1
    ON CONFLICT DO NOTHING
),
answered AS (
    INSERT INTO answer (patient, person, why, weight, parts, against)
    SELECT answer.patient, $2, answer.why, answer.weight, answer.parts, answer.against
    FROM answer WHERE answer.person = $1
    ON CONFLICT DO NOTHING
)
INSERT INTO review (patient, person, weight, parts, against, since, why)
SELECT
    review.patient, $2, review.weight, review.parts, review.against, review.since, review.why
FROM review WHERE review.person = $1
ORDER BY review.n
ON CONFLICT DO NOTHING;

-- name: companions
-- Everybody who is one of these persons.
SELECT patient.id, patient.demographics, member.person
FROM member
INNER JOIN patient ON patient.id = member.patient
WHERE member.person = ANY($1::uuid[])
ORDER BY patient.id;

-- name: apart
SELECT patient, person FROM apart WHERE patient = ANY($1::bigint[]);

-- name: set_apart
INSERT INTO apart (patient, person) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: not_apart
DELETE FROM apart WHERE patient = $1 AND person = $2;

-- name: ask
-- A question asked before is asked again with what is known now. What a detector asked and somebody
-- answered is not asked again.
INSERT INTO review (patient, person, weight, parts, against, since, why)
SELECT patient, person, weight, parts, against, clock_timestamp(), why
FROM unnest(
    $1::bigint[], $2::uuid[], $3::double precision[], $4::jsonb[], $5::boolean[], $6::text[]
) AS asked (patient, person, weight, parts, against, why)
WHERE asked.why = '' OR NOT EXISTS (
    SELECT 1 FROM answer
    WHERE answer.patient = asked.patient
        AND answer.person = asked.person
        AND answer.why = asked.why
)
ORDER BY patient, person
ON CONFLICT (patient, person) DO UPDATE SET
    weight = excluded.weight, parts = excluded.parts, against = excluded.against,
    why = CASE WHEN excluded.why = '' THEN review.why ELSE excluded.why END
RETURNING xmax = 0 AS fresh;

-- name: answered
-- The question about the two is closed; what it was is remembered.
WITH closed AS (
    DELETE FROM review WHERE patient = $1 AND person = $2
    RETURNING patient, person, why, weight, parts, against
)
INSERT INTO answer (patient, person, why, weight, parts, against)
SELECT patient, person, why, weight, parts, against FROM closed
ON CONFLICT (patient, person, why) DO UPDATE SET
    weight = excluded.weight, parts = excluded.parts, against = excluded.against;

-- name: reopen
-- What was answered about the two is asked again.
WITH again AS (
    DELETE FROM answer WHERE patient = $1 AND person = $2
    RETURNING patient, person, why, weight, parts, against
)
INSERT INTO review (patient, person, weight, parts, against, since, why)
SELECT patient, person, weight, parts, against, clock_timestamp(), why FROM again
ORDER BY why DESC LIMIT 1
ON CONFLICT (patient, person) DO NOTHING;

-- name: joined
SELECT person FROM member WHERE person = ANY($1::uuid[])
GROUP BY person HAVING count(*) > 1 ORDER BY person;

-- name: filed_since
-- How often the source of patient $2 filed, after $3, about each patient who is person $1.
SELECT
    patient.id,
    (
        SELECT count(DISTINCT statement.t) FROM statement
        WHERE statement.home = patient.home
            AND statement.patient = patient.id
            AND statement.filed > $3
    ) AS filings
FROM member
INNER JOIN patient ON patient.id = member.patient
WHERE member.person = $1
    AND patient.source = (SELECT source FROM patient AS retired WHERE retired.id = $2)
ORDER BY patient.id;

-- name: patient_of_event
SELECT patient FROM link_event WHERE n = $1;

-- name: reviews
-- All; with a person, those whose patient is the person now, or may be.
WITH about AS (
    SELECT review.n FROM review WHERE $1::uuid IS NULL
    UNION
    SELECT review.n FROM review WHERE review.person = $1
    UNION
    SELECT review.n
    FROM member INNER JOIN review ON review.patient = member.patient
    WHERE member.person = $1
)
SELECT
    review.n, review.patient, review.person, member.person AS patient_person,
    review.weight, review.parts, review.since, review.against, review.why,
    (
        SELECT count(*) FROM link_event
        WHERE link_event.patient = review.patient
            AND link_event.person = review.person
            AND link_event.act = 'unsure'
    )::integer AS unsure
FROM about
INNER JOIN review ON review.n = about.n
INNER JOIN member ON member.patient = review.patient
WHERE (member.person = review.person) = review.against
    AND EXISTS (SELECT 1 FROM member AS there WHERE there.person = review.person)
ORDER BY review.weight DESC, review.n;

-- name: add_events
INSERT INTO link_event (patient, act, person, was, weight, parts, by, why, model, at)
SELECT patient, act, person, was, weight, parts, by, why, model, clock_timestamp()
FROM unnest(
    $1::bigint[], $2::text[], $3::uuid[], $4::uuid[], $5::double precision[], $6::jsonb[],
    $7::text[], $8::text[], $9::text[]
) WITH ORDINALITY AS said (patient, act, person, was, weight, parts, by, why, model, place)
ORDER BY place
RETURNING n, at;

-- name: link_no_more
DELETE FROM unlinked WHERE patient = ANY($1::bigint[]);

-- name: set_members
INSERT INTO member (patient, person)
SELECT patient, person FROM unnest($1::bigint[], $2::uuid[]) AS now (patient, person)
ORDER BY patient
ON CONFLICT (patient) DO UPDATE SET person = excluded.person;

-- name: claim_merges
-- Merges whose patients are not themselves waiting to be linked. One linker waits for another, as
-- an unmerge must not overtake its merge.
SELECT
    to_merge.n, to_merge.kept, to_merge.retired, to_merge.undo, to_merge.said,
    clock_timestamp() AS now
FROM to_merge
WHERE NOT EXISTS (
    SELECT 1 FROM to_link WHERE to_link.patient IN (to_merge.kept, to_merge.retired)
)
ORDER BY to_merge.n
LIMIT $1
FOR UPDATE OF to_merge;

-- name: merges_said
-- Of these patients, and of whoever is merged with them, one through another.
WITH RECURSIVE near AS (
    SELECT patient FROM unnest($1::bigint[]) AS given (patient)
    UNION
    SELECT pair.patient
    FROM near
    CROSS JOIN LATERAL (
        SELECT merge_said.retired AS patient FROM merge_said WHERE merge_said.kept = near.patient
        UNION
        SELECT merge_said.kept AS patient FROM merge_said WHERE merge_said.retired = near.patient
    ) AS pair
)
SELECT
    merge_said.n, merge_said.kept, merge_said.retired, merge_said.undo, merge_said.at,
    merge_said.heard
FROM merge_said INNER JOIN near ON near.patient = merge_said.kept
ORDER BY merge_said.n;

-- name: add_merges_said
INSERT INTO merge_said (n, kept, retired, undo, at, heard)
SELECT n, kept, retired, undo, at, heard
FROM unnest(
    $1::bigint[], $2::bigint[], $3::bigint[], $4::boolean[], $5::timestamptz[], $6::timestamptz[]
) AS carried (n, kept, retired, undo, at, heard);

-- name: unclaim_merges
DELETE FROM to_merge WHERE n = ANY($1::bigint[]);

-- name: lock_patient
SELECT patient.id, member.person
FROM patient LEFT JOIN member ON member.patient = patient.id
WHERE patient.id = $1
FOR UPDATE OF patient;

-- name: lock_members
SELECT patient.id, member.person
FROM patient LEFT JOIN member ON member.patient = patient.id
WHERE patient.id = ANY($1::bigint[])
ORDER BY patient.id
FOR UPDATE OF patient;

-- name: person_known
SELECT EXISTS (SELECT 1 FROM link_event WHERE person = $1);

-- name: persons_size
SELECT count(*) FROM member WHERE person = $1;

-- name: events_of_patient
SELECT n, act, patient, person, was, weight, parts, by, why, model, at
FROM link_event WHERE patient = $1 ORDER BY n;

-- name: events_of_patients
SELECT n, act, patient, person, was, weight, parts, by, why, model, at
FROM link_event WHERE patient = ANY($1::bigint[]) ORDER BY n;

-- name: events_of_person
SELECT n, act, patient, person, was, weight, parts, by, why, model, at
FROM link_event
WHERE person = $1
UNION
SELECT n, act, patient, person, was, weight, parts, by, why, model, at
FROM link_event
WHERE was = $1 AND act NOT IN ('veto', 'retract', 'unsure', 'propose')
ORDER BY n;

-- name: members
SELECT
    member.person, patient.id, source.name AS source, patient.number, source.controller,
    patient.t, patient.demographics, patient.rulings
FROM member
INNER JOIN patient ON patient.id = member.patient
INNER JOIN source ON source.id = patient.source
WHERE member.person = ANY($1::uuid[])
ORDER BY member.person, source.name COLLATE "C", patient.number COLLATE "C";

-- name: members_at
-- Who was $1 at $2: those whose last move until then led there, each with their t of then.
WITH moved AS (
    SELECT DISTINCT ON (patient) patient, person
    FROM link_event
    WHERE at <= $2
        AND act NOT IN ('veto', 'retract', 'unsure', 'propose')
        AND patient IN (SELECT patient FROM link_event WHERE person = $1)
    ORDER BY patient, n DESC
)
SELECT
    moved.person, patient.id, source.name AS source, patient.number, source.controller,
    greatest(
        (
            SELECT max(statement.t) FROM statement
            WHERE statement.home = patient.home
                AND statement.patient = patient.id
                AND statement.filed <= $2
        ),
        (
            SELECT max(reread.t) FROM reread
            WHERE reread.home = patient.home
                AND reread.patient = patient.id
                AND reread.at <= $2
        ), 0
    ) AS t,
    patient.demographics,
    (
        SELECT count(*) FILTER (WHERE ruling.at <= $2)
            + count(*) FILTER (WHERE ruling.withdrawn <= $2)
        FROM ruling
        WHERE ruling.n IN (
            SELECT ruling_about.ruling FROM ruling_about WHERE ruling_about.patient = patient.id
        )
    )::integer AS rulings
FROM moved
INNER JOIN patient ON patient.id = moved.patient
INNER JOIN source ON source.id = patient.source
WHERE moved.person = $1
ORDER BY source.name COLLATE "C", patient.number COLLATE "C";

-- name: person_of
SELECT person FROM member WHERE patient = $1;

-- name: known_to
SELECT DISTINCT member.person
FROM source
INNER JOIN patient ON patient.source = source.id
INNER JOIN member ON member.patient = patient.id
WHERE source.controller = $1 AND member.person > $2
ORDER BY member.person
LIMIT $3;

-- name: people
SELECT DISTINCT person FROM member WHERE person > $1 ORDER BY person LIMIT $2;

-- name: states
-- Everybody, with a text that changes whenever their record or their own rules may have.
WITH ruled AS (
    SELECT person, string_agg(n::text, ' ' ORDER BY n) AS rules
    FROM rule
    WHERE ended IS NULL AND person IS NOT NULL
    GROUP BY person
)
SELECT
    member.person,
    string_agg(
        patient.id || ':' || patient.t || ':' || patient.rulings, ' ' ORDER BY patient.id
    ) || '/' || coalesce(max(ruled.rules), '') AS state
FROM member
INNER JOIN patient ON patient.id = member.patient
LEFT JOIN ruled ON ruled.person = replace(member.person::text, '-', '')
GROUP BY member.person;

-- name: holders
-- Who was, at any time since $2, a patient that was ever one of $1.
WITH moved AS (
    SELECT n, patient, person, was, at
    FROM link_event
    WHERE act NOT IN ('veto', 'retract', 'unsure', 'propose')
),
theirs AS (
    SELECT patient FROM moved WHERE person = ANY($1::uuid[])
    UNION
    SELECT patient FROM moved WHERE was = ANY($1::uuid[])
),
held AS (
    SELECT person, lead(at) OVER (PARTITION BY patient ORDER BY n) AS until
    FROM moved
    WHERE patient IN (SELECT patient FROM theirs)
)
SELECT DISTINCT person FROM held WHERE until IS NULL OR until >= $2;

-- name: find
SELECT person, id, source, number, controller, t, demographics, rulings FROM find_by_keys($1);

-- name: patients_known
SELECT count(*) FROM patient WHERE id = ANY($1::bigint[]);

-- name: add_ruling
INSERT INTO ruling (verdict, by, why, side, at) VALUES ($1, $2, $3, $4, clock_timestamp())
RETURNING n, at;

-- name: add_abouts
INSERT INTO ruling_about (ruling, place, patient, kind, id)
SELECT $1, place, patient, kind, id
FROM unnest($2::bigint[], $3::text[], $4::text[])
    WITH ORDINALITY AS about (patient, kind, id, place);

-- name: count_rulings
UPDATE patient SET rulings = rulings + 1
WHERE id IN (SELECT id FROM patient WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE);

-- name: withdraw_ruling
UPDATE ruling SET withdrawn = clock_timestamp(), withdrawn_by = $2
WHERE n = $1 AND withdrawn IS NULL
RETURNING n;

-- name: ruling_known
SELECT EXISTS (SELECT 1 FROM ruling WHERE n = $1);

-- name: ruled_patients
SELECT DISTINCT patient FROM ruling_about WHERE ruling = $1;

-- name: rulings
SELECT
    ruling.n, ruling.verdict, ruling.by, ruling.why, ruling.at, ruling.side,
    about.patient, about.kind, about.id
FROM ruling
INNER JOIN ruling_about AS about ON about.ruling = ruling.n
WHERE ruling.n IN (SELECT ruling FROM ruling_about WHERE patient = ANY($1::bigint[]))
    AND ruling.at <= coalesce($2::timestamptz, 'infinity')
    AND (ruling.withdrawn IS NULL OR ruling.withdrawn > $2::timestamptz)
ORDER BY ruling.n, about.place;

-- name: ask_sources
-- A request for each patient in $2, whose source has until $4 to answer.
INSERT INTO correction (ruling, patient, owner, due, next, t)
SELECT $1, patient.id, $3, $4, $5, patient.t
FROM unnest($2::bigint[]) WITH ORDINALITY AS asked (patient, place)
INNER JOIN patient ON patient.id = asked.patient
ORDER BY asked.place;

-- name: take_back_requests
-- What may have gone is to be taken back by a message of its own; what did not never goes.
UPDATE correction SET
    state = CASE WHEN tries = 0 THEN 'taken back' ELSE 'to retract' END,
    closed = CASE WHEN tries = 0 THEN clock_timestamp() END,
    next = clock_timestamp(),
    tries = 0
WHERE ruling = $1;

-- name: corrections
-- Of each what of its ruling its own source said: of what is superseded, not what took its place.
SELECT
    correction.n, correction.ruling, correction.patient, correction.owner, correction.due,
    correction.state, correction.tries, correction.via, correction.sent, correction.escalated,
    correction.reply, correction.replied_by, correction.closed,
    ruling.verdict, ruling.side, ruling.by, ruling.why, ruling.at,
    source.name AS source, patient.number,
    array_agg(about.kind ORDER BY about.place) AS kinds,
    array_agg(about.id ORDER BY about.place) AS ids
FROM correction
INNER JOIN ruling ON ruling.n = correction.ruling
INNER JOIN patient ON patient.id = correction.patient
INNER JOIN source ON source.id = patient.source
INNER JOIN ruling_about AS about
    ON about.ruling = correction.ruling AND about.patient = correction.patient
    AND (about.place > 1 OR ruling.verdict <> 'superseded')
WHERE correction.n = ANY($1::bigint[])
GROUP BY correction.n, ruling.n, source.name, patient.number
ORDER BY correction.n;

-- name: corrections_of
SELECT n FROM correction WHERE ruling = ANY($1::bigint[]);

-- name: open_corrections
SELECT n FROM correction WHERE closed IS NULL ORDER BY n LIMIT $1;

-- name: take_corrections
-- Lent for $2 minutes: whoever takes them and ends leaves them to the next.
WITH due AS (
    SELECT n FROM correction
    WHERE state IN ('to send', 'to retract') AND next <= clock_timestamp()
    ORDER BY next, n
    LIMIT $1
    FOR UPDATE SKIP LOCKED
)
UPDATE correction SET tries = tries + 1, next = clock_timestamp() + make_interval(mins => $2)
FROM due WHERE correction.n = due.n
RETURNING correction.n;

-- name: correction_sent
-- Taken in state $2: a request that was taken back meanwhile went all the same.
UPDATE correction SET
    via = $3,
    sent = CASE WHEN $2 = 'to send' THEN clock_timestamp() ELSE sent END,
    closed = CASE
        WHEN $2 = 'to retract' AND state = 'to retract' THEN clock_timestamp() ELSE closed
    END,
    state = CASE
        WHEN state <> $2 THEN state
        WHEN $2 = 'to send' THEN 'sent'
        ELSE 'retracted'
    END
WHERE n = $1;

-- name: correction_again
UPDATE correction SET next = clock_timestamp() + make_interval(mins => $2) WHERE n = $1;

-- name: answer_correction
UPDATE correction SET state = $2, reply = $4, replied_by = $3, closed = clock_timestamp()
WHERE n = $1 AND state IN ('to send', 'sent')
RETURNING n;

-- name: own_correction
UPDATE correction SET owner = $2 WHERE n = $1 AND closed IS NULL RETURNING n;

-- name: escalate_corrections
UPDATE correction SET escalated = clock_timestamp()
WHERE closed IS NULL AND escalated IS NULL AND due <= clock_timestamp()
RETURNING n;

-- name: moved_corrections
SELECT correction.n, patient.t
FROM correction
INNER JOIN patient ON patient.id = correction.patient
WHERE correction.closed IS NULL AND correction.state IN ('to send', 'sent')
    AND patient.t > correction.t
ORDER BY correction.n
LIMIT $1;

-- name: correction_held
UPDATE correction SET t = greatest(t, $2) WHERE n = $1;

-- name: add_rule
INSERT INTO rule (
    allow, related, purpose, reason, view, role, organisation, actor, person, kinds, label,
    since, until, kind, source, item, author, first_day, last_day, basis, controller, preference
)
VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
    $22
)
RETURNING n;

-- name: add_preference
INSERT INTO preference (person, at, by, words) VALUES ($1, clock_timestamp(), $2, $3)
RETURNING n, person, words, at, by;

-- name: end_preference
-- The decision and its rules, together.
WITH over AS (
    UPDATE preference SET ended = clock_timestamp(), ended_by = $3
    WHERE person = $1 AND n = $2 AND ended IS NULL
    RETURNING n
),
ruled AS (
    UPDATE rule SET ended = now() FROM over WHERE rule.preference = over.n AND rule.ended IS NULL
)
SELECT n FROM over;

-- name: preferences_of
SELECT
    preference.n, preference.person, preference.words, preference.at, preference.by,
    preference.ended, preference.ended_by,
    array(SELECT rule.n FROM rule WHERE rule.preference = preference.n ORDER BY rule.n) AS rules
FROM preference WHERE preference.person = $1 ORDER BY preference.n DESC;

-- name: end_rule
UPDATE rule SET ended = coalesce(ended, now()) WHERE n = $1 RETURNING n;

-- name: rules_in_force
-- First the version of the general rules, the time, and the last step about the policy, which says by
-- which rules a record is folded. Then the general rules, with no person, unless they are of the
-- version $2; and each person's own.
WITH book AS (SELECT (SELECT version FROM rule_book) AS version)
SELECT
    NULL::bigint AS n, NULL::text AS person, version, clock_timestamp() AS now,
    (SELECT coalesce(max(policy_step.n), 0) FROM policy_step)::bigint AS steps
FROM book
UNION ALL
SELECT rule.n, NULL, NULL::uuid, NULL::timestamptz, NULL::bigint FROM rule CROSS JOIN book
WHERE rule.ended IS NULL AND rule.person IS NULL AND (book.version = $2::uuid) IS NOT TRUE
UNION ALL
SELECT n, person, NULL::uuid, NULL::timestamptz, NULL::bigint FROM rule
WHERE ended IS NULL AND person = ANY($1::text[])
ORDER BY n NULLS FIRST;

-- name: rules
SELECT
    n, allow, related, purpose, reason, view, role, organisation, actor, person, kinds, label,
    since, until, kind, source, item, author, first_day, last_day, basis, controller
FROM rule WHERE n = ANY($1::bigint[]);

-- name: refusals
SELECT n FROM rule
WHERE person IS NOT NULL
    AND ended IS NULL
    AND NOT allow
    AND purpose = $1
    AND coalesce(label, kind, source, item, author) IS NULL
    AND coalesce(first_day, last_day) IS NULL
    AND (since IS NULL OR since <= now())
    AND (until IS NULL OR now() < until)
ORDER BY n;

-- name: write_openings
SELECT n, nth, at FROM write_openings($1);

-- name: openings_of
SELECT
    n, at, actor, name, role, organisation, purpose, view, part, person, allowed, rule, reason,
    given, seen, nth
FROM opening WHERE person = $1 AND n < $3 ORDER BY n DESC LIMIT $2;

-- name: openings
SELECT
    n, at, actor, name, role, organisation, purpose, view, part, person, allowed, rule, reason,
    given, seen, nth
FROM opening WHERE n > $1 ORDER BY n LIMIT $2;

-- name: leaves
-- Copied out: the server writes them on its own processor while those before are made leaves of.
SELECT
    actor, allowed,
    to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') AS at,
    given, n, name, nth, organisation, part, person, purpose, reason, role, rule, seen, view
FROM opening WHERE n > $1 ORDER BY n LIMIT $2

-- name: add_departures
INSERT INTO departure (at, sort, openings, people)
SELECT at, sort, openings, people
FROM ROWS FROM (
    json_to_recordset($1::json) AS (at timestamptz, sort text, openings jsonb, people integer)
) WITH ORDINALITY AS said (at, sort, openings, people, place)
ORDER BY place;

-- name: departures
SELECT n, at, sort, openings, people FROM departure WHERE n > $1 ORDER BY n LIMIT $2;

-- name: forget_departures
DELETE FROM departure WHERE n <= $1 AND n <> ALL($2::bigint[]);

-- name: add_tiles
INSERT INTO tile (place, first, last, root)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[])
ON CONFLICT DO NOTHING;

-- name: forget_tiles
DELETE FROM tile;

-- name: tiles
SELECT place, first, last, root FROM tile ORDER BY place;

-- name: misled
-- Who was shown this person and somebody else as one, before they were parted.
WITH parted AS (
    SELECT event.n, event.patient, event.was, event.at
    FROM link_event AS event
    WHERE event.act IN ('unlink', 'unmerge') AND event.was <> event.person AND event.was = $1
),
looks AS (
    SELECT
        parted.n AS event, parted.was AS person, parted.patient, parted.at AS parted,
        opening.actor, count(*) AS looks, max(opening.n) AS newest
    FROM parted INNER JOIN opening ON opening.person = replace(parted.was::text, '-', '')
    WHERE opening.allowed
        AND opening.view = ANY($2::text[])
        AND opening.at <= parted.at
        AND opening.seen ? parted.patient::text
        AND (SELECT count(*) FROM jsonb_object_keys(opening.seen)) > 1
    GROUP BY parted.n, parted.was, parted.patient, parted.at, opening.actor
)
SELECT
    looks.event, looks.person, looks.patient, looks.parted, looks.actor, looks.looks,
    newest.name, newest.role, newest.organisation, newest.at AS last, told.at AS read
FROM looks
INNER JOIN opening AS newest ON newest.n = looks.newest
LEFT JOIN told ON told.actor = looks.actor AND told.event = looks.event
ORDER BY looks.event DESC, looks.actor;

-- name: notices
-- The records that this actor was shown while they were two people's, and does not know of.
WITH parted AS (
    SELECT event.n, event.patient, event.was, event.at
    FROM link_event AS event
    WHERE event.act IN ('unlink', 'unmerge') AND event.was <> event.person
),
looks AS (
    SELECT
        parted.n AS event, parted.was AS person, parted.patient, parted.at AS parted,
        opening.actor, count(*) AS looks, max(opening.n) AS newest
    FROM parted INNER JOIN opening ON opening.person = replace(parted.was::text, '-', '')
    WHERE opening.allowed
        AND opening.view = ANY($2::text[])
        AND opening.at <= parted.at
        AND opening.seen ? parted.patient::text
        AND (SELECT count(*) FROM jsonb_object_keys(opening.seen)) > 1
        AND opening.actor = $1
    GROUP BY parted.n, parted.was, parted.patient, parted.at, opening.actor
)
SELECT
    looks.event, looks.person, looks.patient, looks.parted, looks.actor, looks.looks,
    newest.name, newest.role, newest.organisation, newest.at AS last, told.at AS read
FROM looks
INNER JOIN opening AS newest ON newest.n = looks.newest
LEFT JOIN told ON told.actor = looks.actor AND told.event = looks.event
WHERE told.at IS NULL
ORDER BY looks.event DESC, looks.actor;

-- name: noticed
INSERT INTO told (actor, event, at) VALUES ($1, $2, clock_timestamp()) ON CONFLICT DO NOTHING;

-- name: keep_wrong
INSERT INTO wrong_fact (person, patient, kind, own, at, how) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING
RETURNING n;

-- name: add_misinformed
INSERT INTO misinformed (fact, actor, name, role, organisation, looks, last)
SELECT $1, each.actor, each.name, each.role, each.organisation, each.looks, each.last
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::timestamptz[])
    AS each (actor, name, role, organisation, looks, last);

-- name: wrong_rulings
SELECT
    ruling.n, ruling.verdict, ruling.by, ruling.why, ruling.at, ruling.side,
    about.patient, about.kind, about.id
FROM ruling
INNER JOIN ruling_about AS about ON about.ruling = ruling.n
WHERE ruling.n > $1 AND ruling.verdict = ANY($2::text[]) AND ruling.withdrawn IS NULL
ORDER BY ruling.n, about.place;

-- name: misinformed
SELECT
    told.fact, fact.person, fact.how, fact.at, told.actor, told.name, told.role,
    told.organisation, told.looks, told.last, told.read
FROM wrong_fact AS fact
INNER JOIN misinformed AS told ON told.fact = fact.n
WHERE fact.person = $1
ORDER BY told.fact DESC, told.actor;

-- name: wrong_notices
SELECT
    told.fact, fact.person, fact.how, fact.at, told.actor, told.name, told.role,
    told.organisation, told.looks, told.last, told.read
FROM misinformed AS told
INNER JOIN wrong_fact AS fact ON fact.n = told.fact
WHERE told.actor = $1 AND told.read IS NULL
ORDER BY told.fact DESC;

-- name: wrong_noticed
UPDATE misinformed SET read = clock_timestamp()
WHERE actor = $1 AND fact = $2 AND read IS NULL;

-- name: choice_of
SELECT channel, address, quiet, says_who FROM telling_choice WHERE person = $1;

-- name: choose_telling
INSERT INTO telling_choice (person, channel, address, quiet, says_who, by, at)
VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())
ON CONFLICT (person) DO UPDATE SET
    channel = excluded.channel, address = excluded.address, quiet = excluded.quiet,
    says_who = excluded.says_who, by = excluded.by, at = excluded.at;

-- name: drop_dispatches
UPDATE outbox SET dropped = 'chosen otherwise', address = ''
WHERE person = $1 AND sent IS NULL AND dropped = '';

-- name: lock_dispatches
SELECT pg_advisory_xact_lock(1463897172, 2050);

-- name: dispatches_until
-- How many openings come next after $1, and the number of the last of them.
SELECT count(*) AS openings, max(n) AS n
FROM (SELECT n FROM opening WHERE n > $1 ORDER BY n LIMIT $2) AS next;

-- name: write_dispatches
-- The first look of a day is the one that is told.
INSERT INTO outbox (
    opening, person, actor, purpose, day, channel, address, says_who, due
)
SELECT
    opening.n, opening.person, opening.actor, opening.purpose,
    (opening.at AT TIME ZONE 'UTC')::date, choice.channel, choice.address, choice.says_who,
    clock_timestamp()
FROM opening INNER JOIN telling_choice AS choice ON choice.person = opening.person
WHERE opening.n > $1 AND opening.n <= $2
    AND opening.allowed
    AND opening.view = ANY($3::text[])
    AND opening.role <> $4
    AND opening.at > choice.at
    AND NOT choice.quiet
    AND choice.channel <> $5
ORDER BY opening.n
ON CONFLICT DO NOTHING;

-- name: take_dispatches
-- Lent for $2 minutes: whoever takes them and ends leaves them to the next.
WITH due AS (
    SELECT n FROM outbox
    WHERE sent IS NULL AND dropped = '' AND due <= clock_timestamp()
    ORDER BY due, n
    LIMIT $1
    FOR UPDATE SKIP LOCKED
),
taken AS (
    UPDATE outbox SET tries = tries + 1, due = clock_timestamp() + make_interval(mins => $2)
    FROM due WHERE outbox.n = due.n
    RETURNING
        outbox.n AS dispatch, outbox.opening, outbox.channel, outbox.address, outbox.says_who,
        outbox.tries
)
SELECT
    taken.dispatch, taken.channel, taken.address, taken.says_who, taken.tries,
    opening.n, opening.at, opening.actor, opening.name, opening.role, opening.organisation,
    opening.purpose, opening.view, opening.part, opening.person, opening.allowed, opening.rule,
    opening.reason, opening.given, opening.seen, opening.nth
FROM taken INNER JOIN opening ON opening.n = taken.opening
ORDER BY taken.dispatch;

-- name: dispatch_sent
UPDATE outbox SET sent = clock_timestamp(), address = '' WHERE n = $1 AND sent IS NULL;

-- name: dispatch_again
UPDATE outbox SET due = clock_timestamp() + make_interval(mins => $2)
WHERE n = $1 AND sent IS NULL;

-- name: give_up_dispatch
UPDATE outbox SET dropped = 'given up', address = '' WHERE n = $1 AND sent IS NULL;

-- name: given_up
SELECT count(*) FROM outbox WHERE dropped = 'given up';

-- name: policy_steps
SELECT n, act, policy, by, name, role, why, at FROM policy_step ORDER BY n;

-- name: policies
SELECT n, body, base, by, name, role, why, at, compared FROM policy ORDER BY n DESC LIMIT $1;

-- name: policy
SELECT n, body, base, by, name, role, why, at, compared FROM policy WHERE n = $1;

-- name: add_policy
INSERT INTO policy (body, base, by, name, role, why, at)
SELECT
    $1, coalesce((SELECT max(policy_step.n) FROM policy_step), 0), $2, $3, $4, $5,
    clock_timestamp()
RETURNING n, body, base, by, name, role, why, at, compared;

-- name: compare_policy
UPDATE policy SET compared = $2 WHERE n = $1 AND compared IS NULL;

-- name: add_policy_step
-- Only as the one after step $1: of two at once the second finds its number taken.
INSERT INTO policy_step (n, act, policy, by, name, role, why, at)
SELECT $1 + 1, $2, $3, $4, $5, $6, $7, clock_timestamp()
WHERE $1 = coalesce((SELECT max(policy_step.n) FROM policy_step), 0)
ON CONFLICT DO NOTHING
RETURNING n, act, policy, by, name, role, why, at;

-- name: raise_concern
INSERT INTO concern (person, opening, at, by, why)
SELECT opening.person, opening.n, clock_timestamp(), $3, $4
FROM opening WHERE opening.n = $2 AND opening.person = $1
RETURNING n, person, opening, at, why, reply, replied_by, replied;

-- name: answer_concern
UPDATE concern SET reply = $3, replied_by = $2, replied = clock_timestamp()
WHERE n = $1 AND replied IS NULL
RETURNING n;

-- name: concern
SELECT n, person, opening, at, why, reply, replied_by, replied FROM concern WHERE n = $1;

-- name: concerns_of
SELECT n, person, opening, at, why, reply, replied_by, replied
FROM concern WHERE person = $1 ORDER BY n DESC;

-- name: open_concerns
SELECT n, person, opening, at, why, reply, replied_by, replied
FROM concern WHERE replied IS NULL ORDER BY n LIMIT $1;

-- name: doubt
-- The first of each day is kept.
INSERT INTO doubt (
    pattern, person, actor, name, role, organisation, first, at, day, evidence
)
SELECT
    pattern, person, actor, name, role, organisation, first, at,
    (at AT TIME ZONE 'UTC')::date, evidence
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
    $8::timestamptz[], $9::text[]
) AS said (pattern, person, actor, name, role, organisation, first, at, evidence)
ON CONFLICT (person, pattern, actor, day) DO NOTHING
RETURNING n;

-- name: close_doubt
UPDATE doubt SET outcome = $2, closed_by = $3, why = $4, closed = clock_timestamp()
WHERE n = $1 AND outcome IS NULL
RETURNING n;

-- name: doubt_of
SELECT
    n, pattern, person, actor, name, role, organisation, first, at, evidence, outcome, why,
    closed_by, closed
FROM doubt WHERE n = $1;

-- name: open_doubts
SELECT
    n, pattern, person, actor, name, role, organisation, first, at, evidence, outcome, why,
    closed_by, closed
FROM doubt WHERE outcome IS NULL ORDER BY n LIMIT $1;

-- name: emergencies
SELECT
    n, at, actor, name, role, organisation, purpose, view, part, person, allowed, rule, reason,
    given, seen, nth
FROM opening
WHERE (purpose = 'emergency' OR view = 'claim') AND allowed AND n > $1
ORDER BY n LIMIT $2;

-- name: crowds
-- Whom many staff were shown in one day.
SELECT
    person, min(n) AS first, min(at) AS at, count(DISTINCT actor) AS staff,
    count(DISTINCT organisation) AS places
FROM opening
WHERE n > $1 AND allowed AND person IS NOT NULL AND view = ANY($3::text[])
    AND role <> ALL($4::text[])
GROUP BY person, (at AT TIME ZONE 'UTC')::date
HAVING count(DISTINCT actor) >= $2
ORDER BY first;

-- name: openings_as
SELECT
    n, at, actor, name, role, organisation, purpose, view, part, person, allowed, rule, reason,
    given, seen, nth
FROM opening WHERE role = $1 ORDER BY n DESC LIMIT $2;

-- name: watch
INSERT INTO watched (person, by, why, at) VALUES ($1, $2, $3, clock_timestamp())
ON CONFLICT (person) DO NOTHING;

-- name: unwatch
DELETE FROM watched WHERE person = $1 RETURNING person;

-- name: watched
SELECT person FROM watched;

-- name: claims
-- Who said since $2 that they care for these people: the last of each member of staff.
SELECT DISTINCT ON (person, actor, organisation)
    n, at, actor, name, role, organisation, purpose, view, part, person, allowed, rule, reason,
    given, seen, nth
FROM opening
WHERE view = 'claim' AND allowed AND person = ANY($1::text[]) AND at > $2
ORDER BY person, actor, organisation, n DESC;

-- name: last_opening
SELECT
    n, at, actor, name, role, organisation, purpose, view, part, person, allowed, rule, reason,
    given, seen, nth
FROM opening
WHERE person = $1 AND actor = $2 AND view = $3 AND allowed AND n < $4
ORDER BY n DESC
LIMIT 1;

-- name: add_seal
INSERT INTO seal (size, root, at, signature) VALUES ($1, $2, $3, $4);

-- name: seals
SELECT size, root, at, signature FROM seal ORDER BY size, at;

-- name: add_query
INSERT INTO query (at, actor, organisation, purpose, asked, answered)
VALUES (clock_timestamp(), $1, $2, $3, $4, $5)
RETURNING n, at;

-- name: first_query
SELECT n, at, actor, organisation, purpose, asked, answered
FROM query
WHERE sha256(asked) = sha256($1) AND asked = $1
ORDER BY n
LIMIT 1;

-- name: keep_prompt
INSERT INTO prompt (at, opening, person, actor, service, sent, taken_out, fate, kek, wrapped)
VALUES (clock_timestamp(), $1, $2, $3, $4, $5, $6, $7, $8, $9)
RETURNING n;

-- name: lock_prompt
SELECT opening, kek, wrapped, forgotten IS NOT NULL AS forgotten
FROM prompt
WHERE n = $1 AND fate = 'SENT'
FOR UPDATE;

-- name: settle_prompt
UPDATE prompt SET fate = $2, answered = $3 WHERE n = $1;

-- name: prompts
SELECT n, at, opening, person, actor, service, taken_out, fate FROM prompt ORDER BY n DESC LIMIT $1;

-- name: prompt
SELECT n, at, opening, person, actor, service, taken_out, fate FROM prompt WHERE n = $1;

-- name: prompt_words
SELECT opening, sent, answered, kek, wrapped, forgotten IS NOT NULL AS forgotten
FROM prompt
WHERE n = $1;

-- name: forget_prompts
UPDATE prompt
SET sent = '', answered = '', wrapped = NULL, forgotten = clock_timestamp()
WHERE at < $1 AND forgotten IS NULL
RETURNING n;

-- name: forget_prompts_about
-- Prompts about whoever a patient ever was; their keys go with their words.
UPDATE prompt
SET sent = '', answered = '', wrapped = NULL, forgotten = clock_timestamp()
WHERE
    forgotten IS NULL
    AND person IN (
        SELECT replace(person::text, '-', '') FROM link_event
        WHERE patient = $1 AND act NOT IN ('veto', 'retract', 'unsure', 'propose')
        UNION
        SELECT replace(was::text, '-', '') FROM link_event
        WHERE patient = $1 AND act NOT IN ('veto', 'retract', 'unsure', 'propose')
    )
RETURNING n;

-- name: prompt_keys_to_rotate
SELECT n, opening, kek, wrapped FROM prompt
WHERE kek <> $1 AND wrapped IS NOT NULL AND n > $2
ORDER BY n
LIMIT $3
FOR UPDATE;

-- name: rotate_prompt_keys
UPDATE prompt
SET kek = $1, wrapped = fresh.wrapped
FROM unnest($2::bigint[], $3::bytea[]) AS fresh (n, wrapped)
WHERE prompt.n = fresh.n;

-- name: lock_budget
-- Held until the commit: two at once never spend the same rest.
WITH mine AS MATERIALIZED (SELECT pg_advisory_xact_lock(1463897174, 2))
SELECT count(*) FROM mine;

-- name: spend_budget
WITH before AS (
    SELECT
        coalesce(sum(epsilon) FILTER (WHERE snapshot = $1), 0)::bigint AS of_snapshot,
        coalesce(sum(epsilon) FILTER (WHERE at > clock_timestamp() - $6::interval), 0)::bigint
            AS of_year
    FROM budget
)
INSERT INTO budget (at, snapshot, what, epsilon)
SELECT clock_timestamp(), $1, $2, $3::bigint
FROM before
WHERE
    before.of_snapshot + $3::bigint <= $4::bigint
    AND before.of_year + $3::bigint <= $5::bigint
RETURNING n;

-- name: spendings
SELECT n, at, snapshot, what, epsilon FROM budget ORDER BY n DESC;

-- name: queries
SELECT n, at, actor, organisation, purpose, asked, answered FROM query ORDER BY n DESC;

-- name: lock_migrations
SELECT pg_advisory_xact_lock(1463897172, 2049);

-- name: migrations_begun
SELECT to_regclass('migration') IS NOT NULL;

-- name: migrations
SELECT name FROM migration;

-- name: add_migrations
INSERT INTO migration (name) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING;

-- name: mark
SELECT value FROM mark WHERE name = $1;

-- name: set_mark
INSERT INTO mark (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: spend
WITH over AS (
    DELETE FROM spent WHERE name IN (
        SELECT name FROM spent WHERE until < now() AND name <> $1 LIMIT 100
        FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO spent (name, at, until) VALUES ($1, clock_timestamp(), $2)
ON CONFLICT (name) DO UPDATE
SET at = clock_timestamp(), until = greatest(spent.until, excluded.until)
RETURNING xmax = 0 AS fresh;

-- name: spent
SELECT name, at FROM spent WHERE name = ANY($1::bytea[]);

-- name: newest
-- The newest version of each resource asked for by patient, key and kind; a patient whose resources
-- are not all keyed, or of whom a message was read again, comes without. `as_of` is the patient's t.
SELECT
    asked.position, asked.patient, patient.t AS as_of, patient.source, patient.number = '' AS shared, patient.keyed,
    patient.reread, member.person, resource.versions, resource.gone, statement.t, statement.n,
    statement.kind, statement.message, statement.place, statement.received, statement.filed,
    statement.dictionary, statement.body
FROM unnest($1::bigint[], $2::bigint[], $3::smallint[])
    WITH ORDINALITY AS asked (patient, key, kind, position)
INNER JOIN patient ON patient.id = asked.patient
LEFT JOIN member ON member.patient = asked.patient
LEFT JOIN resource
    ON resource.home = patient.home
    AND resource.patient = asked.patient
    AND resource.key = asked.key
    AND resource.kind = asked.kind
LEFT JOIN statement
    ON statement.home = resource.home
    AND statement.patient = resource.patient
    AND statement.t = resource.t
    AND statement.n = resource.n;

-- name: current
-- The newest version of every resource of each request's patients; a patient whose resources are not
-- all keyed, or of whom a message was read again, comes in one row without.
SELECT
    asked.request, asked.patient, patient.source, patient.number = '' AS shared,
    patient.keyed AND NOT patient.reread AS keyed, member.person, resource.key, resource.versions,
    resource.gone, statement.t, statement.n, statement.kind, statement.message, statement.place,
    statement.received, statement.filed, statement.dictionary, statement.body
FROM unnest($1::integer[], $2::bigint[]) AS asked (request, patient)
INNER JOIN patient ON patient.id = asked.patient
LEFT JOIN member ON member.patient = asked.patient
LEFT JOIN resource
    ON patient.keyed
    AND NOT patient.reread
    AND resource.home = patient.home
    AND resource.patient = asked.patient
LEFT JOIN statement
    ON statement.home = resource.home
    AND statement.patient = resource.patient
    AND statement.t = resource.t
    AND statement.n = resource.n;

-- name: kinds_of
SELECT DISTINCT statement.kind
FROM patient
INNER JOIN statement ON statement.home = patient.home AND statement.patient = patient.id
WHERE patient.id = $1
ORDER BY statement.kind;

-- name: filed
-- What was filed before a place in the order of filing, newest first: a bounded look. The last row
-- is where the look ended, and how many it looked at; it is nobody's.
WITH looked AS MATERIALIZED (
    SELECT statement.filed, statement.home, statement.patient, statement.t, statement.n
    FROM statement
    WHERE
        (statement.filed, statement.patient, statement.t, statement.n)
        < ($1::timestamptz, $2::bigint, $3::integer, $4::integer)
        AND statement.filed <= $1
        AND statement.filed >= $5::timestamptz
    ORDER BY statement.filed DESC, statement.patient DESC, statement.t DESC, statement.n DESC
    LIMIT $10
),

known AS MATERIALIZED (
    SELECT DISTINCT member.person
    FROM (SELECT DISTINCT looked.patient FROM looked) AS theirs
    INNER JOIN member AS own ON own.patient = theirs.patient
    INNER JOIN member ON member.person = own.person
    INNER JOIN patient ON patient.id = member.patient
    INNER JOIN source ON source.id = patient.source
    WHERE source.controller = $9 AND NOT $8::boolean
),

found AS (
    SELECT
        true AS theirs, 0 AS looked, patient.source, patient.number = '' AS shared, patient.reread,
        member.person, statement.patient, statement.t, statement.n, statement.kind,
        statement.message, statement.place, statement.received, statement.filed,
        statement.dictionary, statement.body
    FROM looked
    INNER JOIN statement
        ON statement.home = looked.home
        AND statement.patient = looked.patient
        AND statement.t = looked.t
        AND statement.n = looked.n
    INNER JOIN patient ON patient.id = looked.patient
    LEFT JOIN member ON member.patient = looked.patient
    WHERE
        ($6::smallint IS NULL OR statement.kind = $6)
        AND CASE
            WHEN $8 THEN member.person = $7::uuid
            ELSE patient.number = '' OR member.person IN (SELECT known.person FROM known)
        END
    ORDER BY looked.filed DESC, looked.patient DESC, looked.t DESC, looked.n DESC
    LIMIT $11
),

ended AS (
    SELECT looked.*, count(*) OVER () AS looked_at
    FROM looked
    ORDER BY looked.filed, looked.patient, looked.t, looked.n
    LIMIT 1
)

SELECT * FROM found
UNION ALL
SELECT
    false, ended.looked_at, NULL, NULL, NULL, NULL, ended.patient, ended.t, ended.n, NULL,
    NULL, NULL, NULL, ended.filed, NULL, NULL
FROM ended;

-- name: placed
-- Which version of its resource each of these statements is, counted from 1, and when the next one
-- was filed. Nothing of those whose versions are not all known where they are; no body is read.
SELECT asked.place, noted.before + 1 AS number, following.filed AS until
FROM
    unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::integer[], $5::integer[])
    WITH ORDINALITY AS asked (patient, key, kind, t, n, place)
INNER JOIN patient ON patient.id = asked.patient AND patient.keyed AND NOT patient.reread
INNER JOIN resource
    ON resource.home = patient.home
    AND resource.patient = asked.patient
    AND resource.key = asked.key
    AND resource.kind = asked.kind
CROSS JOIN LATERAL (
    SELECT
        count(*) + 1 AS versions,
        count(*) FILTER (WHERE (earlier.t, earlier.n) < (asked.t, asked.n)) AS before
    FROM earlier
    WHERE
        earlier.home = resource.home
        AND earlier.patient = resource.patient
        AND earlier.key = resource.key
        AND earlier.kind = resource.kind
) AS noted
LEFT JOIN LATERAL (
    SELECT version.t, version.n
    FROM (
        SELECT earlier.t, earlier.n
        FROM earlier
        WHERE
            earlier.home = resource.home
            AND earlier.patient = resource.patient
            AND earlier.key = resource.key
            AND earlier.kind = resource.kind
        UNION ALL
        SELECT resource.t, resource.n
    ) AS version
    WHERE (version.t, version.n) > (asked.t, asked.n)
    ORDER BY version.t, version.n
    LIMIT 1
) AS next ON true
LEFT JOIN LATERAL (
    SELECT statement.filed
    FROM statement
    WHERE
        statement.home = resource.home
        AND statement.patient = resource.patient
        AND statement.t = next.t
        AND statement.n = next.n
    OFFSET 0
) AS following ON true
WHERE noted.versions = resource.versions;

-- name: versions
-- All that was said of one type about a patient, oldest first.
SELECT
    patient.source, patient.number = '' AS shared, patient.reread, member.person,
    statement.patient, statement.t, statement.n, statement.kind, statement.message,
    statement.place, statement.received, statement.filed, statement.dictionary, statement.body
FROM patient
INNER JOIN statement ON statement.home = patient.home AND statement.patient = patient.id
LEFT JOIN member ON member.patient = patient.id
WHERE patient.id = $1 AND statement.kind = $2
ORDER BY statement.t, statement.n;

-- name: versions_of
-- All versions of one resource that are known where they are, oldest first, and how many there are.
-- Nothing of a patient whose resources are not all keyed, or of whom a message was read again. Each
-- statement is looked up by itself (OFFSET 0), whatever the planner expects of tables it never saw
-- with anything in them: else it reads all that was said of the patient.
WITH newest AS MATERIALIZED (
    SELECT
        patient.source, patient.number = '' AS shared, patient.reread, resource.versions,
        resource.home, resource.patient, resource.key, resource.kind, resource.t, resource.n
    FROM patient
    INNER JOIN resource
        ON resource.home = patient.home
        AND resource.patient = patient.id
        AND resource.key = $2
        AND resource.kind = $3
    WHERE patient.id = $1 AND patient.keyed AND NOT patient.reread
),

version AS MATERIALIZED (
    SELECT newest.t, newest.n FROM newest
    UNION ALL
    SELECT earlier.t, earlier.n
    FROM newest
    INNER JOIN earlier
        ON earlier.home = newest.home
        AND earlier.patient = newest.patient
        AND earlier.key = newest.key
        AND earlier.kind = newest.kind
)

SELECT newest.source, newest.shared, newest.reread, newest.versions, member.person, said.*
FROM newest
CROSS JOIN version
CROSS JOIN LATERAL (
    SELECT
        statement.patient, statement.t, statement.n, statement.kind, statement.message,
        statement.place, statement.received, statement.filed, statement.dictionary,
        statement.body
    FROM statement
    WHERE
        statement.home = newest.home
        AND statement.patient = newest.patient
        AND statement.t = version.t
        AND statement.n = version.n
    OFFSET 0
) AS said
LEFT JOIN member ON member.patient = newest.patient
ORDER BY said.t, said.n;

-- name: set_resources
-- The resources of one commit's statements, each with its newest; of patients whose are all keyed.
-- What was the newest until now is noted as an earlier version.
WITH said AS MATERIALIZED (
    SELECT said.home, said.patient, said.key, said.t, said.n, said.versions, said.kind, said.gone
    FROM unnest(
        $1::bigint[], $2::bigint[], $3::bigint[], $4::integer[], $5::integer[], $6::integer[],
        $7::smallint[], $8::boolean[]
    ) AS said (home, patient, key, t, n, versions, kind, gone)
),

replaced AS (
    INSERT INTO earlier (home, patient, key, t, n, kind)
    SELECT resource.home, resource.patient, resource.key, resource.t, resource.n, resource.kind
    FROM said
    INNER JOIN resource
        ON resource.home = said.home
        AND resource.patient = said.patient
        AND resource.key = said.key
        AND resource.kind = said.kind
)

INSERT INTO resource (home, patient, key, t, n, versions, kind, gone)
SELECT said.home, said.patient, said.key, said.t, said.n, said.versions, said.kind, said.gone
FROM said
ORDER BY said.home, said.patient, said.key, said.kind
ON CONFLICT (home, patient, key, kind) DO UPDATE SET
    t = excluded.t,
    n = excluded.n,
    versions = resource.versions + excluded.versions,
    gone = excluded.gone;

-- name: add_earlier
-- Versions that a newer one of the same commit replaced.
INSERT INTO earlier (home, patient, key, kind, t, n)
SELECT said.home, said.patient, said.key, said.kind, said.t, said.n
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::integer[], $6::integer[])
    AS said (home, patient, key, kind, t, n);

-- name: named
SELECT token, kind, patient, key FROM identity
WHERE token = ANY($1::bigint[])
ORDER BY token, kind, patient, key;

-- name: name_resources
INSERT INTO identity (token, patient, key, kind)
SELECT token, patient, key, kind
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::smallint[])
    AS said (token, patient, key, kind)
ORDER BY token, kind, patient, key
ON CONFLICT DO NOTHING;

-- name: lock_tokens
-- Two writers who could write one identity twice share a token, so one waits for the other. Tokens
-- share 1024 locks, taken in order.
SELECT pg_advisory_xact_lock(1463897173, bucket)
FROM (
    SELECT DISTINCT (token & 1023)::integer AS bucket FROM unnest($1::bigint[]) AS wanted (token)
    ORDER BY bucket
) AS buckets;

-- name: claim_links_of
SELECT to_link.patient AS id, patient.demographics
FROM to_link INNER JOIN patient ON patient.id = to_link.patient
WHERE to_link.patient = ANY($1::bigint[])
ORDER BY to_link.n FOR UPDATE OF to_link;

-- name: people_of
SELECT patient, person FROM member WHERE patient = ANY($1::bigint[]);

-- name: app
SELECT id, said FROM app WHERE id = ANY($1::text[]);

-- name: apps
SELECT said FROM app ORDER BY id;

-- name: add_app
INSERT INTO app (id, said) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id;

-- name: keep_grant
WITH over AS (
    DELETE FROM app_grant WHERE id IN (
        SELECT id FROM app_grant WHERE until < now() LIMIT 100
        FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO app_grant (id, actor, person, begun, until, said)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;

-- name: grants
-- What an actor let in, and what was let in to that actor's own record.
SELECT said FROM app_grant
WHERE until > $3 AND (actor = $1 OR (person = $2 AND $2 <> ''))
ORDER BY begun DESC, id;

-- name: remove_app
DELETE FROM app WHERE id = $1 RETURNING id;

-- name: add_project
INSERT INTO study_project (id, said) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id;

-- name: project
SELECT said FROM study_project WHERE id = $1;

-- name: projects
SELECT said FROM study_project ORDER BY id;

-- name: keep_study
INSERT INTO study (project, actor, purpose, code, said) VALUES ($1, $2, $3, $4, $5) RETURNING n;

-- name: lock_releases
-- Held until the commit: what is released is numbered without a gap, in the order it is seen.
WITH mine AS MATERIALIZED (SELECT pg_advisory_xact_lock(1463897174, 1))
SELECT 1 FROM mine;

-- name: count_releases
-- Of studies and of boards.
SELECT (SELECT count(*) FROM study_run WHERE nth IS NOT NULL) + (SELECT count(*) FROM board_release);

-- name: add_board_release
INSERT INTO board_release (cells) VALUES ($1);

-- name: board_releases
SELECT cells FROM board_release ORDER BY n;

-- name: settle_study
INSERT INTO study_run (study, state, snapshot, told, holds, near, cells, people, nth, released)
SELECT
    n, $2, $3, $4, $5, $6, $7, $8, $9::bigint,
    CASE WHEN $9::bigint IS NOT NULL THEN clock_timestamp() END
FROM study WHERE n = $1
ON CONFLICT DO NOTHING
RETURNING study;

-- name: study_case
SELECT
    n, study.at, project, actor, purpose, code, state, snapshot, told, near, released
FROM study
LEFT JOIN study_run ON study_run.study = study.n
WHERE n = $1;

-- name: study_cases
SELECT
    n, study.at, project, actor, purpose, code, state, snapshot, told, near, released
FROM study
LEFT JOIN study_run ON study_run.study = study.n
WHERE $1::text IS NULL OR project = $1
ORDER BY n DESC LIMIT $2;

-- name: study_checks
SELECT study, by, at, approved, why FROM study_check WHERE study = ANY($1::bigint[])
ORDER BY study, at, by;

-- name: study_sent
SELECT project, actor, purpose, code, said FROM study WHERE n = $1;

-- name: releases
SELECT n, project, released AS at, cells
FROM study_run
INNER JOIN study ON study.n = study_run.study
WHERE nth IS NOT NULL
ORDER BY nth;

-- name: counted_people
SELECT study, people FROM study_run WHERE nth IS NOT NULL ORDER BY study;

-- name: lock_study
SELECT actor, state, holds, released FROM study_run
INNER JOIN study ON study.n = study_run.study
WHERE study = $1
FOR UPDATE OF study_run;

-- name: add_study_check
INSERT INTO study_check (study, by, approved, why) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
RETURNING study;

-- name: release_study
UPDATE study_run SET nth = $2, released = clock_timestamp() WHERE study = $1 RETURNING study;

-- name: keks
SELECT id, proof FROM kek ORDER BY id;

-- name: add_kek
-- The proof that is kept from now on: another program's, where it was first.
INSERT INTO kek (id, proof) VALUES ($1, $2)
ON CONFLICT (id) DO UPDATE SET proof = kek.proof
RETURNING proof;

-- name: drop_keks
-- Keys of the key file that nothing is wrapped with any more.
DELETE FROM kek
WHERE id <> $1
    AND NOT EXISTS (SELECT 1 FROM data_key WHERE data_key.kek = kek.id AND wrapped IS NOT NULL)
    AND NOT EXISTS (
        SELECT 1 FROM message_key WHERE message_key.kek = kek.id AND wrapped IS NOT NULL
    )
    AND NOT EXISTS (SELECT 1 FROM prompt WHERE prompt.kek = kek.id AND wrapped IS NOT NULL)
RETURNING id;

-- name: data_keys
SELECT data_key.patient, data_key.n, data_key.kek, data_key.wrapped
FROM data_key
INNER JOIN patient ON patient.home = data_key.home AND patient.id = data_key.patient
WHERE patient.id = ANY($1::bigint[])
ORDER BY data_key.patient, data_key.n;

-- name: add_data_keys
INSERT INTO data_key (home, patient, n, kek, wrapped)
SELECT home, patient, n, kek, wrapped
FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[], $5::bytea[])
    AS made (home, patient, n, kek, wrapped);

-- name: data_keys_to_rotate
SELECT home, patient, n, kek, wrapped
FROM data_key
WHERE kek <> $1 AND wrapped IS NOT NULL
    AND (home, patient, n) > ($2::bigint, $3::bigint, $4::smallint)
ORDER BY home, patient, n
LIMIT $5
FOR UPDATE;

-- name: rotate_data_keys
UPDATE data_key
SET kek = $1, wrapped = fresh.wrapped
FROM unnest($2::bigint[], $3::bigint[], $4::smallint[], $5::bytea[])
    AS fresh (home, patient, n, wrapped)
WHERE data_key.home = fresh.home AND data_key.patient = fresh.patient AND data_key.n = fresh.n;

-- name: message_keys_to_rotate
SELECT message_key.message, message_key.kek, message_key.wrapped, message.source, message.sha256
FROM message_key
INNER JOIN message ON message.id = message_key.message
WHERE message_key.kek <> $1 AND message_key.wrapped IS NOT NULL AND message_key.message > $2
ORDER BY message_key.message
LIMIT $3
FOR UPDATE OF message_key;

-- name: rotate_message_keys
UPDATE message_key
SET kek = $1, wrapped = fresh.wrapped
FROM unnest($2::bigint[], $3::bytea[]) AS fresh (message, wrapped)
WHERE message_key.message = fresh.message;

-- name: statement_heads
-- Of a patient's statements the beginnings of their bodies, which say whether they are encrypted.
SELECT statement.message, substring(statement.body FROM 1 FOR 4) AS head
FROM statement
INNER JOIN patient ON patient.home = statement.home AND patient.id = statement.patient
WHERE patient.id = $1;

-- name: destroy_data_keys
UPDATE data_key
SET wrapped = NULL, destroyed = clock_timestamp(), destroyed_by = $2, destroyed_why = $3
WHERE patient = $1 AND wrapped IS NOT NULL;

-- name: destroy_message_keys
-- The keys of messages that speak of this patient and of nobody else.
UPDATE message_key
SET wrapped = NULL, destroyed = clock_timestamp()
WHERE message = ANY($2::bigint[])
    AND wrapped IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM statement
        INNER JOIN patient ON patient.home = statement.home AND patient.id = statement.patient
        WHERE statement.message = message_key.message
            AND statement.patient <> $1
            AND patient.number <> ''
    )
RETURNING message;

-- name: forget_demographics
UPDATE patient SET demographics = NULL, described = NULL, t = t + 1 WHERE id = $1;

-- name: write_news
-- Nothing, while nobody is subscribed.
INSERT INTO news (patient, t)
SELECT said.patient, said.t
FROM unnest($1::bigint[], $2::integer[]) AS said (patient, t)
WHERE EXISTS (SELECT 1 FROM subscription WHERE state <> 'off' AND until > now())
ORDER BY said.patient, said.t;

-- name: subscribe
INSERT INTO subscription (id, asker, state, begun, until, due, wish, channel)
VALUES ($1, $2, $3, $4, $5, $4, $6, $7);

-- name: rewish
UPDATE subscription
SET wish = $2, until = $3, due = $4, state = 'requested', tries = 0, says = '', channel = $5
WHERE id = $1;

-- name: end_subscription
UPDATE subscription SET state = 'off', due = NULL, says = $2 WHERE id = $1;

-- name: forget_subscription
DELETE FROM subscription WHERE id = $1;

-- name: subscription
SELECT * FROM subscription WHERE id = $1;

-- name: subscriptions_of
SELECT * FROM subscription WHERE asker = $1 ORDER BY begun, id;

-- name: subscriptions
SELECT * FROM subscription WHERE state <> 'off' AND until > $1 ORDER BY begun, id;

-- name: news
-- Whoever is nobody yet waits: what was said of them is told when it is known whose it is.
SELECT news.n, news.patient, news.t
FROM news INNER JOIN member ON member.patient = news.patient
ORDER BY news.n
LIMIT $1;

-- name: take_news
DELETE FROM news WHERE n = $1 RETURNING n;

-- name: number_events
-- The number of the last of $2 more events. A receiver that does not answer is waited for as before.
UPDATE subscription
SET events = events + $2, due = CASE WHEN tries = 0 THEN least(due, $3::timestamptz) ELSE due END
WHERE id = $1 AND state <> 'off'
RETURNING events;

-- name: add_happenings
INSERT INTO happening (subscription, number, at, focus, change)
SELECT $1, said.number, said.at, said.focus, said.change
FROM unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[])
    AS said (number, at, focus, change);

-- name: happenings
SELECT number, at, focus, change FROM happening
WHERE subscription = $1 AND number > $2
ORDER BY number
LIMIT $3;

-- name: take_deliveries
-- Lent for $3 seconds: whoever takes one and ends leaves it to the next.
WITH due AS (
    SELECT id FROM subscription
    WHERE due <= $1 AND until > $1 AND state <> 'off' AND channel = 'rest-hook'
    ORDER BY due, id
    LIMIT $2
    FOR UPDATE SKIP LOCKED
)
UPDATE subscription SET tries = tries + 1, due = $1::timestamptz + make_interval(secs => $3)
FROM due WHERE subscription.id = due.id
RETURNING subscription.*;

-- name: delivered
UPDATE subscription
SET
    delivered = greatest(delivered, $2), tries = 0, says = '', state = 'active',
    due = CASE
        WHEN events > greatest(delivered, $2) THEN $3::timestamptz
        WHEN $4::integer > 0 THEN $3::timestamptz + make_interval(secs => $4)
    END
WHERE id = $1 AND state <> 'off';

-- name: not_delivered
UPDATE subscription
SET due = $2, says = $3, state = CASE WHEN $4 THEN 'error' ELSE state END
WHERE id = $1 AND state <> 'off';

-- name: forget_happenings
DELETE FROM happening USING subscription
WHERE happening.at < $1 AND subscription.id = happening.subscription
AND happening.number <= subscription.delivered;

-- name: load_definitions
-- How many are new.
WITH written AS (
    INSERT INTO definition (url, version, kind, title, body)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[])
    ON CONFLICT (url, version) DO UPDATE
    SET
        kind = excluded.kind, title = excluded.title, body = excluded.body,
        loaded = clock_timestamp()
    RETURNING xmax = 0 AS fresh
)
SELECT count(*) FILTER (WHERE fresh) AS fresh FROM written;

-- name: definitions
SELECT url, version, kind, title, body FROM definition
ORDER BY url COLLATE "C", version COLLATE "C";

-- name: definitions_state
SELECT
    count(*)::text || ' ' || coalesce(max(loaded)::text, '') || ' ' || coalesce(
        (SELECT string_agg(base || ' ' || url, ' ' ORDER BY base, url) FROM profile_asked), ''
    ) AS state
FROM definition;

-- name: ask_profile
INSERT INTO profile_asked (base, url) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: unask_profile
DELETE FROM profile_asked WHERE base = $1 AND url = $2 RETURNING url;

-- name: asked_profiles
SELECT base, url FROM profile_asked ORDER BY base, url;

-- name: forget_look_up
-- One at a time: who opted out of one is not mixed with who opted out of another.
WITH gone AS (DELETE FROM opted_out)
DELETE FROM look_up;

-- name: add_look_up
INSERT INTO look_up (at, until) VALUES ($1, $2);

-- name: add_opted_out
INSERT INTO opted_out (person) SELECT unnest($1::text[]);

-- name: look_up
SELECT look_up.at, look_up.until, opted_out.person
FROM look_up LEFT JOIN opted_out ON true;
