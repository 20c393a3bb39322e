-- Records by place instead of id: places are in the order of ids, and a number is a few bytes.
CREATE OR REPLACE TABLE places AS
SELECT
    unique_id,
    row_number() OVER (ORDER BY unique_id) - 1 AS place,
    CASE WHEN verified THEN dense_rank() OVER (ORDER BY verified, number) ELSE -1 END AS number
FROM people;
CREATE OR REPLACE TABLE placed AS
SELECT
    least(one.place, other.place) AS one, greatest(one.place, other.place) AS other,
    pairs.match_weight AS bits, pairs.veto, pairs.held, pairs.look
FROM pairs
INNER JOIN places AS one ON one.unique_id = pairs.unique_id_l
INNER JOIN places AS other ON other.unique_id = pairs.unique_id_r
