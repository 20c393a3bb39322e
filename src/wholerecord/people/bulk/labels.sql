-- name: told
-- Who has a verified number is labelled with it: two with one label are one person, for training.
-- Every name is spread out beside its record, as Splink wants it.
CREATE OR REPLACE TABLE told AS
SELECT
    people.*, family.* EXCLUDE (n, said, said_too, family_term, family_sound),
    given.* EXCLUDE (n, said, given_term, given_sound),
    CASE WHEN people.verified THEN people.number END AS label
FROM people
INNER JOIN heard_family AS family ON family.n = people.family_n
INNER JOIN heard_given AS given ON given.n = people.given_n
