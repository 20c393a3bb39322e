DROP FUNCTION claim_links(integer, integer);
DROP FUNCTION link_candidates(bigint[], integer, bigint[]);

-- Linking asks the same few questions for every newcomer, so their plans are made once a session
-- and not for each: planning took longer than looking. A plan kept from when a table was empty
-- would read it from end to end, so that is forbidden; and one for many would sort or hash what is
-- a handful.

-- Who is near what is linked by `wanted`, as rows of two kinds. `member`: everybody of every person
-- of whom somebody shares a key, or who one of `patients` is. `key`: a key with everybody who has
-- it; one that more than `crowd` patients have tells nobody apart and is left out. And `apart`: the
-- persons whom somebody found these patients not to be.
--
-- Two linkers that could make two persons of one share a key, so one waits for the other, and what
-- is read is read under the locks. Keys share 1024 locks, taken in order: a batch cannot use up the
-- server's lock table.
CREATE FUNCTION link_near(wanted bigint[], crowd integer, patients bigint[])
RETURNS TABLE (what text, id bigint, demographics bytea, person uuid, keys bigint[])
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM pg_advisory_xact_lock(1463897172, bucket)
    FROM (
        SELECT DISTINCT (key & 1023)::integer AS bucket FROM unnest(wanted) AS asked (key)
        ORDER BY bucket
    ) AS buckets;
    RETURN QUERY
    WITH telling AS MATERIALIZED (
        SELECT asked.key, ARRAY(
            SELECT blocking_key.patient FROM blocking_key
            WHERE blocking_key.key = asked.key
            LIMIT crowd + 1
        ) AS patients
        FROM (SELECT DISTINCT key FROM unnest(wanted) AS given (key)) AS asked
    ),
    people AS MATERIALIZED (
        SELECT person FROM member
        WHERE patient IN (
            SELECT unnest(telling.patients) FROM telling WHERE cardinality(telling.patients) <= crowd
        )
        UNION
        SELECT person FROM member WHERE patient = ANY(patients)
    )
    SELECT 'key', telling.key, NULL::bytea, NULL::uuid, telling.patients
    FROM telling WHERE cardinality(telling.patients) <= crowd
    UNION ALL
    SELECT 'member', patient.id, patient.demographics, member.person, NULL::bigint[]
    FROM people
    INNER JOIN member ON member.person = people.person
    INNER JOIN patient ON patient.id = member.patient
    UNION ALL
    SELECT 'apart', apart.patient, NULL::bytea, apart.person, NULL::bigint[]
    FROM apart WHERE apart.patient = ANY(patients);
END $$;

-- `link_near`, for whose keys were made anew.
CREATE FUNCTION link_candidates(wanted bigint[], crowd integer, patients bigint[])
RETURNS TABLE (what text, id bigint, demographics bytea, person uuid, keys bigint[])
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    RETURN QUERY SELECT * FROM link_near(wanted, crowd, patients);
END $$;

-- The first `most` patients of the queue, claimed until the commit: rows of the kind `claimed`, in
-- the order of the queue, each with the keys it was queued with. Then their `link_near`, unless the
-- keys of one are not known here.
CREATE FUNCTION claim_links(most integer, crowd integer)
RETURNS TABLE (what text, id bigint, demographics bytea, person uuid, keys bigint[])
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    claimed bigint[];
    wanted bigint[] := '{}';
    unknown boolean := false;
BEGIN
    SELECT array_agg(taken.patient ORDER BY taken.n) INTO claimed
    FROM (
        SELECT patient, n FROM to_link ORDER BY n LIMIT most FOR UPDATE SKIP LOCKED
    ) AS taken;
    IF claimed IS NULL THEN
        RETURN;
    END IF;
    what := 'claimed';
    FOR id, demographics, keys IN
        SELECT patient.id, patient.demographics, to_link.keys
        FROM unnest(claimed) WITH ORDINALITY AS taken (patient, place)
        INNER JOIN to_link ON to_link.patient = taken.patient
        INNER JOIN patient ON patient.id = taken.patient
        ORDER BY taken.place
    LOOP
        RETURN NEXT;
        wanted := wanted || keys;
        unknown := unknown OR keys IS NULL;
    END LOOP;
    IF NOT unknown THEN
        RETURN QUERY SELECT * FROM link_near(wanted, crowd, claimed);
    END IF;
END $$;

-- Newcomers become persons, and leave the queue: their events, who they are and that they wait no
-- more, in one. Rows in the order of the newcomers.
CREATE FUNCTION link_newcomers(
    newcomers bigint[], persons uuid[], weights double precision[], evidence jsonb[],
    reasons text[], by_model text, done bigint[]
)
RETURNS TABLE (n bigint, at timestamptz)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH event AS (
        INSERT INTO link_event (patient, act, person, weight, parts, by, why, model, at)
        SELECT patient, 'link', person, weight, parts, 'rules', why, by_model, clock_timestamp()
        FROM unnest(newcomers, persons, weights, evidence, reasons)
            WITH ORDINALITY AS said (patient, person, weight, parts, why, place)
        ORDER BY place
        RETURNING n, at
    ),
    now AS (
        INSERT INTO member (patient, person)
        SELECT patient, person FROM unnest(newcomers, persons) AS now (patient, person)
        ORDER BY patient
        ON CONFLICT (patient) DO UPDATE SET person = excluded.person
    ),
    known AS (
        DELETE FROM unlinked WHERE patient = ANY(newcomers)
    ),
    gone AS (
        DELETE FROM to_link WHERE patient = ANY(done)
    )
    SELECT event.n, event.at FROM event ORDER BY event.n;
END $$;
