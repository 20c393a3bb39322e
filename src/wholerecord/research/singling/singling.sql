-- name: groups
-- The smallest group, how many people are alone in theirs, and how many people there are.
WITH sizes AS (SELECT count(*) AS size FROM grouped GROUP BY kind)
SELECT
    (SELECT coalesce(min(size), 0) FROM sizes) AS smallest,
    (SELECT count(*) FROM sizes WHERE size = 1) AS alone,
    (SELECT count(*) FROM grouped) AS people;

-- name: diversity
-- What groups tell of what their people have: see `diversity`.
WITH once AS (SELECT DISTINCT person_id, code FROM had WHERE code IS NOT NULL),
sets AS (
    SELECT kind, person_id, coalesce(string_agg(code, chr(31) ORDER BY code), '') AS conditions
    FROM grouped LEFT JOIN once USING (person_id) GROUP BY kind, person_id
),
shares AS (SELECT kind, conditions, count(*) AS n FROM sets GROUP BY kind, conditions),
parts AS (SELECT kind, n, sum(n) OVER (PARTITION BY kind) AS size FROM shares),
kinds AS (
    SELECT kind, any_value(size) AS size, count(*) AS different,
        exp(-sum(n / size * ln(n / size))) AS even
    FROM parts GROUP BY kind
),
inside AS (
    SELECT kind, code, count(*) AS n FROM grouped JOIN once USING (person_id) GROUP BY kind, code
),
whole AS (
    SELECT code, count(*) / (SELECT count(*) FROM grouped) AS share FROM once GROUP BY code
),
apart AS (
    SELECT max(abs(coalesce(n, 0) / size - share)) AS far
    FROM kinds CROSS JOIN whole LEFT JOIN inside USING (kind, code)
),
alike AS (
    SELECT sum(size) AS told FROM kinds
    WHERE kind IN (SELECT kind FROM inside JOIN kinds USING (kind) WHERE n = size)
)
SELECT
    (SELECT coalesce(min(different), 0) FROM kinds) AS different,
    (SELECT coalesce(min(even), 0.0) FROM kinds)::DOUBLE AS even,
    (SELECT coalesce(far, 0.0) FROM apart)::DOUBLE AS far,
    (SELECT coalesce(told, 0)::BIGINT FROM alike) AS told;
