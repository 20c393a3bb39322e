-- Names are compared once for each two spellings that meet in `coarse`, the pairs still worth it.

-- name: families_met
CREATE OR REPLACE VIEW families_met AS
SELECT met.*, COLUMNS(a.* EXCLUDE (n, said, said_too)) AS "\0_l", COLUMNS(b.* EXCLUDE (n, said, said_too)) AS "\0_r"
FROM (
    SELECT DISTINCT least(family_n_l, family_n_r) AS one, greatest(family_n_l, family_n_r) AS other
    FROM coarse WHERE family_n_l <> family_n_r
) AS met
INNER JOIN heard_family AS a ON a.n = met.one
INNER JOIN heard_family AS b ON b.n = met.other;

-- name: givens_met
CREATE OR REPLACE VIEW givens_met AS
SELECT met.*, COLUMNS(a.* EXCLUDE (n, said)) AS "\0_l", COLUMNS(b.* EXCLUDE (n, said)) AS "\0_r"
FROM (
    SELECT DISTINCT least(given_n_l, given_n_r) AS one, greatest(given_n_l, given_n_r) AS other
    FROM coarse WHERE given_n_l <> given_n_r
) AS met
INNER JOIN heard_given AS a ON a.n = met.one
INNER JOIN heard_given AS b ON b.n = met.other;

-- name: bits_of_names
-- What the same name weighs, by how many bear it; NULL where no name is said.
CREATE OR REPLACE TABLE family_bits AS
SELECT heard.n, CASE WHEN heard.family_term <> '' THEN coalesce(known.bits, getvariable('family')) END AS bits
FROM heard_family AS heard
LEFT JOIN known_terms AS known ON known.name = 'family' AND known.term = heard.family_term;
CREATE OR REPLACE TABLE given_bits AS
SELECT heard.n, CASE WHEN heard.given_term <> '' THEN coalesce(known.bits, getvariable('given')) END AS bits
FROM heard_given AS heard
LEFT JOIN known_terms AS known ON known.name = 'given' AND known.term = heard.given_term
