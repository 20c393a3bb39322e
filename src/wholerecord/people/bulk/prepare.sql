-- One row a record, in the form that is compared: people.traits, a column each. The tables named
-- heard_* say once for each different spelling what people.bulk.hear makes of it.
CREATE OR REPLACE VIEW prepared AS
SELECT
    raw.id AS unique_id,
    number.number, number.valid, coalesce(number.valid AND raw.nhs_status = '01', false) AS verified,
    born.born, born.day, born.born_turned,
    CASE WHEN raw.sex IN ('male', 'female') THEN raw.sex END AS sex,
    nullif(family.family_term, '') AS family_term, family.* EXCLUDE (said, said_too, family_term),
    nullif(given.given_term, '') AS given_term, given.* EXCLUDE (said, given_term),
    place.postcode, place.postcode[:-3] AS sector,
    past.postcode AS past_postcode, past.postcode[:-3] AS past_sector,
    phone.heard AS phone, email.heard AS email,
    nullif(raw.practice, '') AS practice,
    CASE WHEN raw.local_number <> '' AND raw.source <> '' THEN raw.source || '|' || raw.local_number END AS local,
    CASE WHEN raw.local_number <> '' AND raw.source <> '' THEN raw.source END AS system
FROM raw
LEFT JOIN heard_number AS number ON number.said = raw.nhs_number
LEFT JOIN heard_born AS born ON born.said = raw.born
LEFT JOIN heard_family AS family ON family.said = raw.family AND family.said_too = raw.previous_family
LEFT JOIN heard_given AS given ON given.said = raw.given
LEFT JOIN heard_postcode AS place ON place.said = raw.postcode
LEFT JOIN heard_postcode AS past ON past.said = raw.past_postcode
LEFT JOIN heard_phone AS phone ON phone.said = raw.phone
LEFT JOIN heard_email AS email ON email.said = raw.email
