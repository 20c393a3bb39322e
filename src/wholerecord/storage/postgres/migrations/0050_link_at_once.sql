-- What a patient is linked by waits with them, so that claiming and looking are one question.
ALTER TABLE to_link ADD COLUMN keys bigint[];

-- Linking asks the same few questions for every newcomer, so their plans are made once a session
-- and not for each: planning took longer than looking. A plan kept from when a table was empty
-- would read it from end to end, so that is forbidden.

-- Everybody of every person of whom somebody shares a key, or who one of `patients` is; with the
-- keys they share. Keys that more than `crowd` patients have tell nobody apart and are left out.
-- Then the persons whom somebody found these patients not to be.
--
-- Two linkers that could make two persons of one share a key, so one waits for the other, and what
-- is read is read under the locks. Keys share 1024 locks, taken in order: a batch cannot use up the
-- server's lock table.
CREATE FUNCTION link_candidates(wanted bigint[], crowd integer, patients bigint[])
RETURNS TABLE (id bigint, demographics bytea, person uuid, keys bigint[], apart boolean)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
    PERFORM pg_advisory_xact_lock(1463897172, bucket)
    FROM (
        SELECT DISTINCT (key & 1023)::integer AS bucket FROM unnest(wanted) AS asked (key)
        ORDER BY bucket
    ) AS buckets;
    RETURN QUERY
    WITH telling AS (
        SELECT asked.key
        FROM unnest(wanted) AS asked (key)
        WHERE (
            SELECT count(*)
            FROM (
                SELECT 1 FROM blocking_key WHERE blocking_key.key = asked.key LIMIT crowd + 1
            ) AS bounded
        ) <= crowd
    ),
    sharing AS MATERIALIZED (
        SELECT member.patient, member.person, array_agg(blocking_key.key) AS keys
        FROM telling
        INNER JOIN blocking_key ON blocking_key.key = telling.key
        INNER JOIN member ON member.patient = blocking_key.patient
        GROUP BY member.patient, member.person
    ),
    people AS MATERIALIZED (
        SELECT person FROM sharing
        UNION
        SELECT person FROM member WHERE patient = ANY(patients)
    )
    SELECT
        patient.id, patient.demographics, member.person,
        coalesce(sharing.keys, '{}'::bigint[]), false
    FROM people
    INNER JOIN member ON member.person = people.person
    INNER JOIN patient ON patient.id = member.patient
    LEFT JOIN sharing ON sharing.patient = member.patient
    UNION ALL
    SELECT apart.patient, NULL, apart.person, '{}'::bigint[], true
    FROM apart WHERE apart.patient = ANY(patients);
END $$;

-- The first `most` patients of the queue, claimed until the commit: rows without a person, in the
-- order of the queue, each with the keys it was queued with. Then their `link_candidates`, unless
-- the keys of one are not known here.
CREATE FUNCTION claim_links(most integer, crowd integer)
RETURNS TABLE (id bigint, demographics bytea, person uuid, keys bigint[], apart boolean)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    claimed bigint[];
BEGIN
    SELECT array_agg(taken.patient ORDER BY taken.n) INTO claimed
    FROM (
        SELECT patient, n FROM to_link ORDER BY n LIMIT most FOR UPDATE SKIP LOCKED
    ) AS taken;
    RETURN QUERY
    SELECT patient.id, patient.demographics, NULL::uuid, to_link.keys, false
    FROM unnest(claimed) WITH ORDINALITY AS taken (patient, place)
    INNER JOIN to_link ON to_link.patient = taken.patient
    INNER JOIN patient ON patient.id = taken.patient
    ORDER BY taken.place;
    IF NOT EXISTS (SELECT 1 FROM to_link WHERE patient = ANY(claimed) AND keys IS NULL) THEN
        RETURN QUERY
        SELECT found.id, found.demographics, found.person, found.keys, found.apart
        FROM link_candidates(
            ARRAY(
                SELECT DISTINCT unnest(to_link.keys) FROM to_link WHERE patient = ANY(claimed)
            ),
            crowd, claimed
        ) AS found;
    END IF;
END $$;

-- Everybody of whom one of the keys is kept, with who they are, by id.
CREATE FUNCTION find_by_keys(wanted bigint[])
RETURNS TABLE (
    person uuid, id bigint, source text, number text, controller text,
    t integer, demographics bytea, rulings integer
)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT
        member.person, patient.id, source.name, patient.number, source.controller,
        patient.t, patient.demographics, patient.rulings
    FROM member
    INNER JOIN patient ON patient.id = member.patient
    INNER JOIN source ON source.id = patient.source
    WHERE member.patient IN (
        SELECT blocking_key.patient FROM blocking_key WHERE blocking_key.key = ANY(wanted)
    )
    ORDER BY patient.id;
END $$;
