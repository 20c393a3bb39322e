-- Right and wrong joins by group. `labelled` is the table of records with who each truly is and a
-- column `born_in`; `judge` is the weight from which pairs are joined, `fewest` the true pairs below
-- which a share is chance.

-- name: grouped
-- Tables, for of these the database knows how many rows they have: else it joins the groups first.
CREATE OR REPLACE TEMP TABLE grouped AS
WITH banded AS (
    SELECT *, max(born_in) OVER () - born_in AS years FROM labelled
),
aged AS (
    SELECT
        *,
        CASE
            WHEN years < 10 THEN '0-9'
            WHEN years < 20 THEN '10-19'
            WHEN years < 65 THEN '20-64'
            WHEN years >= 65 THEN '65+'
        END AS age
    FROM banded
),
told AS (
    SELECT
        id, person,
        CAST(COLUMNS(name -> name IN ('origin', 'age', 'sex', 'deprivation')) AS varchar)
    FROM aged
)
SELECT id, person, measure, trim(said) AS said
FROM (UNPIVOT told ON COLUMNS(* EXCLUDE (id, person)) INTO NAME measure VALUE said)
WHERE trim(said) NOT IN ('', '0', 'unknown');

-- name: joined
CREATE OR REPLACE TEMP TABLE joined AS
SELECT pairs.unique_id_l AS one, pairs.unique_id_r AS other, a.person = b.person AS same
FROM pairs
INNER JOIN labelled AS a ON a.id = pairs.unique_id_l
INNER JOIN labelled AS b ON b.id = pairs.unique_id_r
WHERE NOT pairs.veto AND NOT pairs.held AND pairs.match_weight >= getvariable('judge');

-- name: fairness
WITH truth AS (
    SELECT measure, said, sum(n * (n - 1) // 2) AS truly
    FROM (
        SELECT measure, said, person, count(*) AS n FROM grouped GROUP BY measure, said, person
    )
    GROUP BY measure, said
),
found AS (
    SELECT a.measure, a.said, count(*) AS n
    FROM joined
    INNER JOIN grouped AS a ON a.id = joined.one
    INNER JOIN grouped AS b
        ON b.id = joined.other AND b.measure = a.measure AND b.said = a.said
    WHERE joined.same
    GROUP BY a.measure, a.said
),
-- A false join harms both of its people, so it counts for the groups of both.
met AS (
    SELECT joined.one, joined.other, joined.same, grouped.measure, grouped.said
    FROM joined INNER JOIN grouped ON grouped.id = joined.one
    UNION
    SELECT joined.one, joined.other, joined.same, grouped.measure, grouped.said
    FROM joined INNER JOIN grouped ON grouped.id = joined.other
),
harmed AS (
    SELECT measure, said, count(*) FILTER (WHERE NOT same) AS wrong, count(*) AS joins
    FROM met GROUP BY measure, said
)
SELECT
    truth.measure, truth.said, truth.truly::bigint, coalesce(found.n, 0),
    coalesce(harmed.joins, 0), coalesce(harmed.wrong, 0)
FROM truth
LEFT JOIN found ON found.measure = truth.measure AND found.said = truth.said
LEFT JOIN harmed ON harmed.measure = truth.measure AND harmed.said = truth.said
WHERE truth.truly >= getvariable('fewest')
ORDER BY truth.measure, truth.said
