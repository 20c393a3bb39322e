-- name: shared
-- How many pairs of records of two persons, by their verified numbers, have one value, and how many
-- pairs there are. The column compared is `value`.
SELECT
    (SELECT sum(n * n) FROM (SELECT count(*)::double AS n FROM labelled GROUP BY value))
    - (SELECT sum(n * n) FROM (SELECT count(*)::double AS n FROM labelled GROUP BY value, label))
        AS shared,
    (SELECT count(*)::double ^ 2 FROM labelled)
    - (SELECT sum(n * n) FROM (SELECT count(*)::double AS n FROM labelled GROUP BY label)) AS pairs
