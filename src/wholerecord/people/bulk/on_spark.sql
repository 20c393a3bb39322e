-- name: weighed
-- The pairs that Spark weighed, by places, as `score` makes them.
CREATE OR REPLACE VIEW weighed AS
SELECT
    least(a.place, b.place) AS one, greatest(a.place, b.place) AS other,
    coalesce(years_between(a.day, b.day), 0)::smallint AS years, levelled.*
FROM levelled
INNER JOIN people AS a ON a.unique_id = levelled.unique_id_l
INNER JOIN people AS b ON b.unique_id = levelled.unique_id_r
