-- name: usual
-- What is said as nearly everybody says it, heard without a walk through Python: most of a million
-- numbers, telephones, emails and postcodes. What these leave out `hear` looks at, one by one; a test holds the
-- two to each other. In plain ASCII alone, for letters and digits of other scripts are not the same to both.

-- name: usual_number
-- Ten digits with the right check digit, as `nhs.NhsNumber` has it; ten of one digit are nobody's.
INSERT INTO heard_number
SELECT said, said, true
FROM (SELECT DISTINCT nhs_number AS said FROM raw)
WHERE
    regexp_full_match(said, '[0-9]{10}')
    AND said <> repeat(said[1], 10)
    AND (
        11 - (
            10 * said[1]::integer + 9 * said[2]::integer + 8 * said[3]::integer
            + 7 * said[4]::integer + 6 * said[5]::integer + 5 * said[6]::integer
            + 4 * said[7]::integer + 3 * said[8]::integer + 2 * said[9]::integer
        ) % 11
    ) % 11 = said[10]::integer;

-- name: usual_phone
-- Digits and spaces from 0 on, as `people.traits.dialled` has it; but not from abroad, nor all but alike.
INSERT INTO heard_phone
SELECT said, digits
FROM (
    SELECT said, replace(said, ' ', '') AS digits
    FROM (SELECT DISTINCT phone AS said FROM raw)
    WHERE regexp_full_match(said, '0[0-9 ]*')
)
WHERE len(digits) >= 10 AND NOT starts_with(digits, '0044') AND digits[4:] <> repeat(digits[4], len(digits) - 3);

-- name: usual_email
-- As `people.traits.mailed` has it.
INSERT INTO heard_email
SELECT said, lower(said)
FROM (SELECT DISTINCT email AS said FROM raw)
WHERE regexp_full_match(said, '[!-~]*@[!-~]*');

-- name: usual_postcode
-- As `nhs.postcode` has it; pseudo-postcodes are no place.
INSERT INTO heard_postcode
SELECT said, written[:-4] || ' ' || written[-3:]
FROM (
    SELECT said, upper(replace(said, ' ', '')) AS written
    FROM (SELECT postcode AS said FROM raw UNION SELECT past_postcode FROM raw)
    WHERE regexp_full_match(said, '[A-Za-z0-9 ]+')
)
WHERE
    regexp_full_match(written, '[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}')
    AND NOT starts_with(written[:-4], 'ZZ99')
