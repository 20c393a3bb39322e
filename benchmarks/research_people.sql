-- The folded tables of made-up British people. Registered beforehand: `conditions`, `medicines`,
-- `tests`, `vaccines`, `contacts`, `procedures` (what there is, and how often) and `codes` (every
-- code of a concept, and the share of entries that carry it). The variables are `first`, `people`,
-- `seed` and `today`. Nothing is drawn twice: each draw is a hash of person, seed and purpose.

-- name: draw
CREATE OR REPLACE MACRO draw(person, what, k) AS
    (hash(person, what, k, getvariable('seed')) % 1000003) / 1000003.0;

-- name: people
-- Ages as a British pyramid: even to 55, then fewer and fewer; the few past 90 have mostly died.
CREATE OR REPLACE TABLE people AS
WITH drawn AS (
    SELECT
        range + getvariable('first') AS person,
        CASE WHEN draw(range + getvariable('first'), 'old', 0) < 0.68
            THEN draw(range + getvariable('first'), 'age', 0) * 55
            ELSE 55 + 45 * (1 - sqrt(1 - draw(range + getvariable('first'), 'age', 0)))
        END AS age
    FROM range(getvariable('people'))
),
placed AS (
    SELECT
        person, age,
        getvariable('today') - (age * 365.25)::INTEGER AS born,
        (1 + 10 * draw(person, 'deprivation', 0))::INTEGER AS decile
    FROM drawn
)
SELECT
    person, age, born,
    CASE WHEN draw(person, 'sex', 0) < 0.506 THEN 'female'
        WHEN draw(person, 'sex', 0) < 0.9995 THEN 'male' ELSE 'other' END AS sex,
    CASE WHEN draw(person, 'died', 0) < 0.35 * greatest(0, (age - 60) / 40) ^ 2
        THEN greatest(
            born, getvariable('today') - (draw(person, 'when died', 0) * 3650)::INTEGER
        ) END AS died,
    (SELECT list_extract(getvariable('ethnicities'),
        1 + floor(draw(person, 'ethnicity', 0) * len(getvariable('ethnicities')))::INTEGER
    )) AS ethnicity,
    'E0100' || lpad(((person * 7919) % 33755 // 16)::VARCHAR, 4, '0') AS area,
    least(decile, 10)::TINYINT AS deprivation,
    'Y' || lpad(((person * 104729) % greatest(1, getvariable('people') // 9000))::VARCHAR, 5, '0')
        AS practice
FROM placed;

-- name: condition_entries
CREATE OR REPLACE TABLE condition_entries AS
SELECT
    person, concept, 0 AS k,
    greatest(born, coalesce(died, getvariable('today'))
        - (draw(person, concept, 1) * least(age - from_age, span) * 365.25)::INTEGER) AS "at",
    long_term
FROM people CROSS JOIN conditions
WHERE age >= from_age
    AND (only_sex IS NULL OR only_sex = sex)
    AND draw(person, concept, 0)
        < share * (1 + slope * (age - from_age)) * (1.25 - 0.05 * deprivation);

-- name: medicine_entries
CREATE OR REPLACE TABLE medicine_entries AS
SELECT
    people.person, medicines.concept, 0 AS k,
    least(coalesce(died, getvariable('today')), greatest(
        coalesce(because_of."at", born + 365),
        getvariable('today') - (draw(people.person, medicines.concept, 1) * 3650)::INTEGER
    )) AS "at",
    draw(people.person, medicines.concept, 2) < 0.4 AS stopped
FROM people
INNER JOIN medicines ON true
LEFT JOIN condition_entries AS because_of
    ON because_of.person = people.person AND because_of.concept = medicines.because
WHERE draw(people.person, medicines.concept, 0)
    < CASE WHEN because_of.person IS NULL THEN others ELSE share END;

-- name: test_entries
-- A test is done so often a year, more often with the condition it is for, over ten years.
CREATE OR REPLACE TABLE test_entries AS
WITH often AS (
    SELECT
        people.person, died, tests.concept, mean, deviation, unit, words,
        because_of.person IS NOT NULL AS ill,
        raised,
        floor(
            least(age, 10) * draw(people.person, tests.concept, 0) * 2
            * (least(age, 80) / 50.0 * a_year
                + CASE WHEN because_of.person IS NULL THEN 0 ELSE more END)
        )::INTEGER AS n
    FROM people
    CROSS JOIN tests
    LEFT JOIN condition_entries AS because_of
        ON because_of.person = people.person AND because_of.concept = tests.because
),
each AS (SELECT *, unnest(range(n)) AS k FROM often WHERE n > 0)
SELECT
    person, concept, k,
    (coalesce(died, getvariable('today'))
        - (draw(person, concept || 'at', k) * 3650)::INTEGER)::TIMESTAMP
        + to_minutes((480 + 540 * draw(person, concept || 'hour', k))::BIGINT) AS "at",
    CASE WHEN mean IS NOT NULL THEN round(
        mean + CASE WHEN ill THEN raised ELSE 0 END
        + deviation * (draw(person, concept, 3) + draw(person, concept || 'v', k)
            + draw(person, concept || 'w', k) - 1.5) * 1.6, 1
    ) END AS value,
    unit,
    CASE WHEN len(words) > 0 THEN list_extract(
        words, 1 + floor(draw(person, concept, 4) * len(words))::INTEGER
    ) END AS text_value
FROM each;

-- name: vaccine_entries
CREATE OR REPLACE TABLE vaccine_entries AS
WITH each AS (
    SELECT person, born, died, age, concept, from_age, unnest(range(doses)) AS k, doses, uptake
    FROM people CROSS JOIN vaccines WHERE age >= from_age
)
SELECT
    person, concept, k,
    least(coalesce(died, getvariable('today')), greatest(born + 60,
        getvariable('today') - (k * 365 + draw(person, concept || 'at', k) * 120)::INTEGER)) AS "at"
FROM each
WHERE k * 365 < age * 365 AND draw(person, concept, k) < uptake;

-- name: contact_entries
CREATE OR REPLACE TABLE contact_entries AS
WITH each AS (
    SELECT person, died, age, code, setting, days, unnest(range(floor(
        least(age, 10) * a_year * (0.5 + age / 60.0) * draw(person, code, 0) * 2
    )::INTEGER)) AS k
    FROM people CROSS JOIN contacts
),
dated AS (
    SELECT person, code, setting, days, k,
        coalesce(died, getvariable('today')) - (draw(person, code || 'at', k) * 3650)::INTEGER AS "at"
    FROM each
)
SELECT person, code, setting, k, "at",
    "at" + floor(days * draw(person, code || 'stay', k) * 2)::INTEGER AS ended
FROM dated;

-- name: procedure_entries
CREATE OR REPLACE TABLE procedure_entries AS
SELECT
    person, concept, 0 AS k,
    getvariable('today') - (draw(person, concept, 1) * least(age, 15) * 365)::INTEGER AS "at"
FROM people CROSS JOIN procedures
WHERE age >= from_age AND draw(person, concept, 0) < share;

-- name: allergy_entries
CREATE OR REPLACE TABLE allergy_entries AS
SELECT
    person, concept, 0 AS k,
    getvariable('today') - (draw(person, concept, 1) * age * 365)::INTEGER AS "at"
FROM people CROSS JOIN allergies
WHERE draw(person, concept, 0) < share;

-- name: referral_entries
-- Referrals of the last three years, of which three in four were seen after up to two years.
CREATE OR REPLACE TABLE referral_entries AS
WITH each AS (
    SELECT person, unnest(range(floor(least(age, 80) / 40.0 * draw(person, 'referred', 0) * 2)
        ::INTEGER)) AS k
    FROM people WHERE died IS NULL
),
dated AS (
    SELECT person, k,
        getvariable('today') - (draw(person, 'asked', k) * 1095)::INTEGER AS "at",
        (draw(person, 'waits', k) ^ 2 * 730)::INTEGER AS waits
    FROM each
)
SELECT person, k, "at",
    CASE WHEN draw(person, 'seen', k) < 0.75 AND "at" + waits <= getvariable('today')
        THEN "at" + waits END AS ended,
    CASE WHEN draw(person, 'urgent', k) < 0.1 THEN 'urgent' ELSE 'routine' END AS priority,
    CASE WHEN draw(person, 'booked', k) < 0.3 AND "at" + waits > getvariable('today')
        THEN "at" + waits END AS booked
FROM dated;

-- name: said
-- Of the entries of a concept, each code that the entry carries.
CREATE OR REPLACE MACRO said(entries) AS TABLE
SELECT entry.*, codes.code, codes.system
FROM query_table(entries) AS entry
INNER JOIN codes ON codes.concept = entry.concept
WHERE draw(entry.person, codes.code, entry.k) < codes.share;

-- name: rows
-- The rows of each table; who has no care plan or service has no row.
CREATE OR REPLACE VIEW person_rows AS FROM people;
CREATE OR REPLACE VIEW condition_rows AS
SELECT *, NULL AS ended, CASE WHEN long_term THEN 'active' ELSE 'resolved' END AS status
FROM said('condition_entries');
CREATE OR REPLACE VIEW medication_rows AS
SELECT
    *,
    CASE WHEN stopped THEN "at" + 200 END AS ended,
    CASE WHEN stopped THEN 'stopped' ELSE 'active' END AS status
FROM said('medicine_entries');
CREATE OR REPLACE VIEW observation_rows AS FROM said('test_entries');
CREATE OR REPLACE VIEW encounter_rows AS
SELECT *, 'http://terminology.hl7.org/CodeSystem/v3-ActCode' AS system FROM contact_entries;
CREATE OR REPLACE VIEW procedure_rows AS FROM said('procedure_entries');
CREATE OR REPLACE VIEW immunisation_rows AS
SELECT *, 'active' AS status FROM said('vaccine_entries');
CREATE OR REPLACE VIEW allergy_rows AS
SELECT *, 'active' AS status FROM said('allergy_entries');
CREATE OR REPLACE VIEW care_plan_rows AS
SELECT
    person, 'frailty' AS code, 'urn:wholerecord:concept' AS system, "at", NULL AS ended,
    'active' AS status
FROM condition_entries WHERE concept = 'frailty' AND draw(person, 'plan', 0) < 0.3;
CREATE OR REPLACE VIEW service_rows AS
SELECT
    person, 'home-care' AS code, 'https://wholerecord.example/CodeSystem/social-care' AS system,
    "at", NULL AS ended, 'active' AS status
FROM condition_entries WHERE concept = 'frailty' AND draw(person, 'service', 0) < 0.2;
CREATE OR REPLACE VIEW referral_rows AS
SELECT
    person, 'referral' AS code, 'urn:wholerecord:concept' AS system, "at", ended,
    CASE WHEN ended IS NULL THEN 'waiting' ELSE 'seen' END AS status, priority, booked
FROM referral_entries;
