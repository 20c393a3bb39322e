-- Looks written down at the end of the log, in one question: its lock is held until the commit, so
-- that a smaller number never appears after a larger one, and what comes after it sees all that came
-- before: the last opening of a person is the last, and the next is one more. The time is that of
-- getting the lock.
CREATE FUNCTION write_openings(looks json)
RETURNS TABLE (n bigint, nth integer, at timestamptz)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    moment timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(1463897172, 2048);
    moment := clock_timestamp();
    RETURN QUERY
    WITH said AS (
        SELECT * FROM ROWS FROM (
            json_to_recordset(looks) AS (
                rule bigint, allowed boolean, actor text, name text, role text, organisation text,
                purpose text, view text, part text, person text, reason text, given text, seen jsonb
            )
        ) WITH ORDINALITY AS said (
            rule, allowed, actor, name, role, organisation, purpose, view, part, person, reason,
            given, seen, place
        )
    ),
    counted AS (
        SELECT each.person, coalesce(last.nth, 0) AS nth
        FROM (SELECT DISTINCT person FROM said WHERE person IS NOT NULL) AS each
        LEFT JOIN LATERAL (
            SELECT opening.nth FROM opening
            WHERE opening.person = each.person ORDER BY opening.n DESC LIMIT 1
        ) AS last ON true
    )
    INSERT INTO opening (
        at, rule, allowed, actor, name, role, organisation, purpose, view, part, person, reason,
        given, seen, nth
    )
    SELECT
        moment, rule, allowed, actor, name, role, organisation, purpose, view, part,
        said.person, reason, given, seen,
        coalesce(counted.nth + row_number() OVER (PARTITION BY said.person ORDER BY place), 0)
    FROM said LEFT JOIN counted ON counted.person = said.person
    ORDER BY place
    RETURNING n, nth, moment;
END $$;
