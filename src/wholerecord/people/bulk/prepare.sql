-- name: people
-- One row a record, in the form that is compared: people.traits, a column each. The tables named
-- heard_* say once for each different spelling what people.bulk.hear makes of it; `family_n` and
-- `given_n` name their rows. Places are in the order of ids, and a number is a few bytes. What is
-- only ever equal or not is kept as its hash: half the bytes, and sooner compared.
CREATE OR REPLACE MACRO hashed(said) AS CASE WHEN said IS NOT NULL THEN hash(said) END;
CREATE OR REPLACE TABLE people AS
SELECT
    ordered.place, raw.id AS unique_id,
    number.number, number.valid, coalesce(number.valid AND raw.nhs_status = '01', false) AS verified,
    born.born, born.day, born.born_turned,
    CASE WHEN raw.sex IN ('male', 'female') THEN raw.sex END AS sex,
    family.n AS family_n, nullif(family.family_term, '') AS family_term, family.family_sound,
    given.n AS given_n, nullif(given.given_term, '') AS given_term, given.given_sound,
    hashed(place.postcode) AS postcode, hashed(place.postcode[:-3]) AS sector,
    hashed(past.postcode) AS past_postcode, hashed(past.postcode[:-3]) AS past_sector,
    hashed(phone.heard) AS phone, hashed(email.heard) AS email, hashed(nullif(raw.practice, '')) AS practice,
    hashed(relative.relative) AS relative, hashed(relative.relative_sound) AS relative_sound,
    hashed(relative.relative_given) AS relative_given,
    nullif(born_as.birth_order, 0) AS birth_order,
    CASE WHEN raw.local_number <> '' AND raw.source <> '' THEN hash(raw.source, raw.local_number) END AS local,
    CASE WHEN raw.local_number <> '' AND raw.source <> '' THEN hash(raw.source) END AS system
FROM raw
INNER JOIN (SELECT id, (row_number() OVER (ORDER BY id) - 1)::integer AS place FROM raw) AS ordered ON ordered.id = raw.id
LEFT JOIN heard_number AS number ON number.said = raw.nhs_number
LEFT JOIN heard_born AS born ON born.said = raw.born
LEFT JOIN heard_family AS family ON family.said = raw.family AND family.said_too = raw.previous_family
LEFT JOIN heard_given AS given ON given.said = raw.given
LEFT JOIN heard_postcode AS place ON place.said = raw.postcode
LEFT JOIN heard_postcode AS past ON past.said = raw.past_postcode
LEFT JOIN heard_phone AS phone ON phone.said = raw.phone
LEFT JOIN heard_email AS email ON email.said = raw.email
LEFT JOIN heard_relative AS relative ON relative.said = raw.relative
LEFT JOIN heard_birth_order AS born_as ON born_as.said = raw.birth_order;

-- name: heard
-- Of the names more than this is compared, of the rest not.
DROP TABLE heard_number;
DROP TABLE heard_born;
DROP TABLE heard_postcode;
DROP TABLE heard_phone;
DROP TABLE heard_email;
DROP TABLE heard_relative;
DROP TABLE heard_birth_order
