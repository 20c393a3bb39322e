-- name: named
-- The pairs of `coarse` with what their names are to each other, `rest` where neither name alone says.
CREATE OR REPLACE TABLE named AS
SELECT
    coarse.*, least(a.bits, b.bits) AS family_bits, least(c.bits, d.bits) AS given_bits,
    CASE
        WHEN a.bits IS NULL OR b.bits IS NULL THEN 'missing'::level
        WHEN coarse.family_n_l = coarse.family_n_r THEN 'exact'::level
        ELSE families.level
    END AS family_sure,
    CASE
        WHEN c.bits IS NULL OR d.bits IS NULL THEN 'missing'::level
        WHEN coarse.given_n_l = coarse.given_n_r THEN 'exact'::level
        ELSE givens.level
    END AS given_sure,
    givens.otherwise
FROM coarse
INNER JOIN family_bits AS a ON a.n = coarse.family_n_l
INNER JOIN family_bits AS b ON b.n = coarse.family_n_r
INNER JOIN given_bits AS c ON c.n = coarse.given_n_l
INNER JOIN given_bits AS d ON d.n = coarse.given_n_r
LEFT JOIN families
    ON families.one = least(coarse.family_n_l, coarse.family_n_r)
    AND families.other = greatest(coarse.family_n_l, coarse.family_n_r)
LEFT JOIN givens
    ON givens.one = least(coarse.given_n_l, coarse.given_n_r)
    AND givens.other = greatest(coarse.given_n_l, coarse.given_n_r);

-- name: crossed_met
CREATE OR REPLACE VIEW crossed_met AS
SELECT
    met.*, COLUMNS(a.* EXCLUDE (n, said, said_too)) AS "\0_l", COLUMNS(c.* EXCLUDE (n, said)) AS "\0_l",
    COLUMNS(b.* EXCLUDE (n, said, said_too)) AS "\0_r", COLUMNS(d.* EXCLUDE (n, said)) AS "\0_r"
FROM (
    SELECT DISTINCT
        family_n_l AS family_one, given_n_l AS given_one,
        family_n_r AS family_other, given_n_r AS given_other
    FROM named WHERE family_sure = 'rest'::level OR given_sure = 'rest'::level
) AS met
INNER JOIN heard_family AS a ON a.n = met.family_one
INNER JOIN heard_family AS b ON b.n = met.family_other
INNER JOIN heard_given AS c ON c.n = met.given_one
INNER JOIN heard_given AS d ON d.n = met.given_other
