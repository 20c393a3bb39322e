-- name: met
-- Every pair of records that share a key, once. A key that more records share than a crowd tells
-- nobody apart, and comparing a crowd with itself takes the square of its size: it makes no pair,
-- as `storage` leaves it out in real time.
CREATE OR REPLACE TABLE met AS
WITH shared AS (
    SELECT key FROM keyed GROUP BY key HAVING count(*) BETWEEN 2 AND getvariable('crowd')
),
near AS (SELECT key, place FROM keyed SEMI JOIN shared USING (key))
SELECT DISTINCT one.place AS one, other.place AS other
FROM near AS one INNER JOIN near AS other ON other.key = one.key AND other.place > one.place;

-- name: sides
-- What is compared of both, but for the names spread out.
CREATE OR REPLACE VIEW sides AS
SELECT met.one, met.other, COLUMNS(a.*) AS "\0_l", COLUMNS(b.*) AS "\0_r"
FROM met
INNER JOIN people AS a ON a.place = met.one
INNER JOIN people AS b ON b.place = met.other
