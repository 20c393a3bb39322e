-- name: judged
-- The pairs of `weighed` with the veto of people.judge, by the levels they are at.
CREATE OR REPLACE TABLE placed AS
SELECT
    one, other, bits,
    (
        nhs_number = 'different_verified'::level
        OR (years >= 12 AND born <> 'slip'::level)
        OR (years >= 12 AND NOT (same_number AND names_agree))
        OR (given = 'different'::level AND sex = 'different'::level)
        OR (given = 'different'::level AND same_born)
        OR (birth_order = 'different'::level AND same_born)
    ) AS veto,
    -- No veto, but never joined without a person's look: real time does not either.
    (born = 'different'::level OR given = 'missing'::level) AND NOT same_number AND local <> 'same'::level AS held,
    -- What people.judge is certain of by rule, where nothing forbids it.
    CASE
        WHEN nhs_number = 'same_verified'::level
            THEN born = 'exact'::level OR names_agree
                OR (born = 'exact_january'::level AND family_agrees)
        WHEN nhs_number = 'same'::level THEN same_born AND names_agree
        ELSE
            same_born AND reached AND family_agrees AND sex <> 'different'::level
            AND given IN ('exact'::level, 'nickname'::level, 'swapped'::level)
            AND bits - least(number_bits, 0) >= getvariable('certain')
    END AS certain,
    -- Of a pair with a veto, whether people should look all the same.
    CASE
        WHEN nhs_number = 'different_verified'::level THEN names_agree AND same_born
        WHEN years >= 12 AND born <> 'slip'::level THEN same_number
        WHEN years >= 12 THEN same_number OR (names_agree AND reached)
        WHEN given = 'different'::level AND sex = 'different'::level THEN same_number
        WHEN birth_order = 'different'::level AND same_born THEN same_number
        ELSE
            same_number
            OR (bits >= getvariable('possible') AND reached AND nhs_number <> 'different'::level)
    END AS look
FROM (
    SELECT
        *,
        born IN ('exact'::level, 'exact_january'::level) AS same_born,
        postcode IN ('same'::level, 'past'::level) OR phone = 'same'::level OR email = 'same'::level AS reached,
        nhs_number IN ('same'::level, 'same_verified'::level) AS same_number,
        family NOT IN ('missing'::level, 'changed'::level, 'different'::level) AS family_agrees,
        family_agrees
        AND given NOT IN ('missing'::level, 'different'::level, 'initial'::level, 'next_differs'::level)
            AS names_agree
    FROM weighed
);

-- name: done
-- What led there takes memory.
DROP TABLE IF EXISTS exchanged;
DROP TABLE IF EXISTS named;
DROP TABLE IF EXISTS families;
DROP TABLE IF EXISTS givens;
DROP TABLE IF EXISTS coarse;

-- name: pairs
-- The same by ids.
CREATE OR REPLACE VIEW pairs AS
SELECT
    one.unique_id AS unique_id_l, other.unique_id AS unique_id_r,
    placed.bits AS match_weight, placed.veto, placed.held, placed.certain, placed.look
FROM placed
INNER JOIN people AS one ON one.place = placed.one
INNER JOIN people AS other ON other.place = placed.other
