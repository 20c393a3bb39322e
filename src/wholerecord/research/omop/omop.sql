-- name: empty_vocabulary
CREATE TABLE concept (
    concept_id BIGINT, vocabulary_id VARCHAR, concept_code VARCHAR, concept_class_id VARCHAR,
    standard_concept VARCHAR
);
CREATE TABLE maps_to (concept_id BIGINT, standard_id BIGINT);
CREATE TABLE ancestor (ancestor_id BIGINT, descendant_id BIGINT);

-- name: read_concepts
SELECT
    concept_id::BIGINT AS concept_id, vocabulary_id, concept_code, concept_class_id,
    standard_concept
FROM read_csv($1, delim = '\t', header = true, quote = '', all_varchar = true)
WHERE coalesce(invalid_reason, '') = '';

-- name: read_maps
SELECT concept_id_1::BIGINT AS concept_id, concept_id_2::BIGINT AS standard_id
FROM read_csv($1, delim = '\t', header = true, quote = '', all_varchar = true)
WHERE relationship_id = 'Maps to' AND coalesce(invalid_reason, '') = '';

-- name: read_ancestors
SELECT a.ancestor_concept_id::BIGINT AS ancestor_id, a.descendant_concept_id::BIGINT AS descendant_id
FROM read_csv($1, delim = '\t', header = true, quote = '', all_varchar = true) AS a
WHERE a.ancestor_concept_id::BIGINT IN (
    SELECT concept_id FROM concept WHERE concept_class_id = 'Ingredient' AND standard_concept = 'S'
);

-- name: coded
-- What a source's code is: its own concept, and the standard one that it maps to; 0 for none.
CREATE TABLE coded AS
WITH own AS (
    SELECT said.system, said.code, min(concept.concept_id) AS source_id
    FROM said
    JOIN concept
        ON concept.vocabulary_id = said.vocabulary AND concept.concept_code = said.concept_code
    GROUP BY ALL
),
standard AS (
    SELECT own.system, own.code, own.source_id, min(
        CASE WHEN concept.standard_concept = 'S' THEN own.source_id ELSE maps_to.standard_id END
    ) AS standard_id
    FROM own
    JOIN concept ON concept.concept_id = own.source_id
    LEFT JOIN maps_to ON maps_to.concept_id = own.source_id
    GROUP BY ALL
)
SELECT DISTINCT
    said.system, said.code, said.meant, said.own,
    coalesce(standard.source_id, 0) AS source_id, coalesce(standard.standard_id, 0) AS standard_id,
    said.place
FROM said
LEFT JOIN standard ON standard.system = said.system AND standard.code = said.code;

-- name: people
-- Who is in the extract, numbered by their pseudonym, with the day that theirs begin at.
CREATE TABLE people AS
WITH days AS (
    SELECT person, "at"::DATE AS "at" FROM condition
    UNION ALL SELECT person, "at"::DATE FROM medication
    UNION ALL SELECT person, "at"::DATE FROM observation
    UNION ALL SELECT person, "at"::DATE FROM encounter
    UNION ALL SELECT person, "at"::DATE FROM procedure
    UNION ALL SELECT person, "at"::DATE FROM immunisation
),
ends AS (
    SELECT days.person, min("at") AS first, max("at") AS last FROM days
    JOIN person AS p ON p.person = days.person
    WHERE "at" >= coalesce(p.born, "at") AND "at" <= getvariable('as_of')
    GROUP BY days.person
)
SELECT
    row_number() OVER (ORDER BY named.pseudonym) AS person_id, p.person, named.pseudonym,
    p.sex, p.born, p.died, p.ethnicity, ends.first, ends.last,
    CASE
        WHEN getvariable('relative') THEN DATE '2000-01-01' - coalesce(ends.first, p.born) ELSE 0
    END::INTEGER AS moved
FROM person AS p
JOIN named USING (person)
LEFT JOIN ends USING (person)
WHERE p.born IS NOT NULL;

-- name: told
-- A day as it is told: moved, and no more exactly than the extract may tell (`singling.grain`).
CREATE OR REPLACE MACRO told(whose, moved) AS CASE
    WHEN whose IS NULL THEN NULL
    WHEN getvariable('grain') = 'day' THEN whose + moved
    WHEN getvariable('grain') = 'month' THEN date_trunc('month', whose + moved)::DATE
    WHEN getvariable('grain') = 'quarter' THEN date_trunc('quarter', whose + moved)::DATE
    WHEN getvariable('grain') = 'year' THEN date_trunc('year', whose + moved)::DATE
    WHEN getvariable('grain') = 'five years'
        THEN make_date(year(whose + moved) - year(whose + moved) % 5, 1, 1)
    WHEN getvariable('relative') THEN DATE '2000-01-01'
    ELSE getvariable('as_of')
END;

-- name: holders
-- Some of those in the extract who have each code: all of them, where they are few.
SELECT system, code, list_slice(list_sort(list(DISTINCT person)), 1, getvariable('rare')) AS people
FROM rows
JOIN people USING (person)
WHERE rows."at"::DATE BETWEEN people.born AND getvariable('as_of')
GROUP BY system, code;

-- name: rolled
-- The rows with their rare codes as the wider ones that they are told as, or without them.
CREATE OR REPLACE VIEW rolled AS
SELECT rows.* REPLACE (
    CASE WHEN t.code IS NULL THEN rows.code ELSE t.told_code END AS code,
    CASE WHEN t.code IS NULL THEN rows.system ELSE t.told_system END AS system
)
FROM rows
LEFT JOIN told_codes AS t ON t.system = rows.system AND t.code = rows.code
WHERE t.code IS NULL OR t.told_code IS NOT NULL;

-- name: lost
-- How many rows of people in the extract are left out with their code.
SELECT count(*)
FROM rows
JOIN people USING (person)
JOIN told_codes AS t ON t.system = rows.system AND t.code = rows.code
WHERE t.told_code IS NULL AND rows."at"::DATE BETWEEN people.born AND getvariable('as_of');

-- name: things
-- What each person has and when: a number for the code.
SELECT
    person_id, dense_rank() OVER (ORDER BY system, code) AS code, "at"::DATE + moved AS day
FROM events;

-- name: common
-- Events of which enough people have one of the same code and period: the others are left out.
CREATE OR REPLACE TABLE events AS
WITH having_it AS (
    SELECT system, code, told("at"::DATE, moved) AS period, count(DISTINCT person_id) AS n
    FROM events GROUP BY ALL
)
SELECT events.* FROM events
JOIN having_it AS h
    ON h.system = events.system AND h.code = events.code AND h.period = told("at"::DATE, moved)
WHERE h.n >= getvariable('least');

-- name: released
-- What leaves of drugs, as somebody who knows two of them would look for it.
SELECT
    person_id, dense_rank() OVER (ORDER BY drug_source_value) AS code,
    drug_exposure_start_date AS day
FROM drug_exposure;

-- name: grouped
-- People by year of birth, gender and ethnic category; and what conditions they have.
CREATE OR REPLACE VIEW grouped AS
SELECT
    person_id,
    dense_rank() OVER (ORDER BY year_of_birth, gender_concept_id, race_source_value) AS kind
FROM person;
CREATE OR REPLACE VIEW had AS
SELECT person_id, condition_source_value AS code FROM condition_occurrence;

-- name: events
-- One line for each thing that happened, of rows that are one line for each code of it: where our
-- concept stands beside a source's code of the same day, they are one. The first by place is kept.
-- Of some people at once, so that no more is held in memory however many there are.
WITH known AS (
    SELECT
        rows.* EXCLUDE (person), people.person_id, people.moved, coded.source_id,
        coded.standard_id, coded.own, coded.place,
        coalesce(coded.meant, rows.system || '|' || rows.code) AS thing
    FROM rolled AS rows
    JOIN people ON people.person = rows.person
    JOIN coded ON coded.system = rows.system AND coded.code = rows.code
    WHERE rows."at"::DATE BETWEEN people.born AND getvariable('as_of')
        AND people.person_id BETWEEN getvariable('begins') AND getvariable('ends')
)
SELECT * FROM known
QUALIFY row_number() OVER (
    PARTITION BY person_id, thing, "at", ended, value, unit ORDER BY place, code
) = 1;

-- name: left_out
-- Rows of people in the extract that have no day, or one before their birth or after the snapshot.
SELECT count(*)
FROM rows
JOIN people ON people.person = rows.person
WHERE NOT coalesce(rows."at"::DATE BETWEEN people.born AND getvariable('as_of'), false);

-- name: person
SELECT
    person_id, CASE sex WHEN 'male' THEN 8507 WHEN 'female' THEN 8532 ELSE 0 END AS gender_concept_id,
    CASE
        WHEN getvariable('grain') IN ('five years', 'ever') THEN year_born - year_born % 5
        ELSE year_born
    END AS year_of_birth,
    NULL AS month_of_birth, NULL AS day_of_birth, NULL AS birth_datetime, 0 AS race_concept_id,
    0 AS ethnicity_concept_id, NULL AS location_id, NULL AS provider_id, NULL AS care_site_id,
    pseudonym AS person_source_value, sex AS gender_source_value, 0 AS gender_source_concept_id,
    ethnicity AS race_source_value, 0 AS race_source_concept_id, NULL AS ethnicity_source_value,
    0 AS ethnicity_source_concept_id
FROM (
    SELECT *, CASE
        WHEN getvariable('relative')
            THEN 2000 - date_sub('year', born, greatest(coalesce(first, born), born))
        ELSE year(born)
    END AS year_born
    FROM people
) ORDER BY person_id;

-- name: observation_period
SELECT
    row_number() OVER (ORDER BY person_id) AS observation_period_id, person_id,
    told(first, moved) AS observation_period_start_date,
    told(last, moved) AS observation_period_end_date,
    32817 AS period_type_concept_id
FROM people WHERE first IS NOT NULL ORDER BY person_id;

-- name: death
SELECT
    person_id, told(died, moved) AS death_date, NULL AS death_datetime, 32817 AS death_type_concept_id,
    0 AS cause_concept_id, NULL AS cause_source_value, 0 AS cause_source_concept_id
FROM people WHERE died IS NOT NULL ORDER BY person_id;

-- name: visit_occurrence
SELECT
    row_number() OVER (ORDER BY person_id, told("at"::DATE, moved), code) AS visit_occurrence_id, person_id,
    CASE setting
        WHEN 'inpatient' THEN 9201 WHEN 'outpatient' THEN 9202 WHEN 'GP' THEN 9202
        WHEN 'emergency' THEN 9203 WHEN 'home' THEN 581476 WHEN 'by telephone or video' THEN 5083
        ELSE 0
    END AS visit_concept_id,
    told("at"::DATE, moved) AS visit_start_date, NULL AS visit_start_datetime,
    told(greatest(coalesce(ended, "at"::DATE), "at"::DATE), moved) AS visit_end_date,
    NULL AS visit_end_datetime, 32817 AS visit_type_concept_id, NULL AS provider_id,
    NULL AS care_site_id, coalesce(setting, code) AS visit_source_value,
    source_id AS visit_source_concept_id, 0 AS admitted_from_concept_id,
    NULL AS admitted_from_source_value, 0 AS discharged_to_concept_id,
    NULL AS discharged_to_source_value, NULL AS preceding_visit_occurrence_id
FROM events ORDER BY visit_occurrence_id;

-- name: condition_occurrence
SELECT
    row_number() OVER (ORDER BY person_id, told("at"::DATE, moved), code) AS condition_occurrence_id, person_id,
    standard_id AS condition_concept_id, told("at"::DATE, moved) AS condition_start_date,
    NULL AS condition_start_datetime,
    CASE WHEN ended >= "at"::DATE THEN told(ended, moved) END AS condition_end_date,
    NULL AS condition_end_datetime, 32817 AS condition_type_concept_id,
    0 AS condition_status_concept_id, NULL AS stop_reason, NULL AS provider_id,
    NULL AS visit_occurrence_id, NULL AS visit_detail_id, code AS condition_source_value,
    source_id AS condition_source_concept_id, status AS condition_status_source_value
FROM events ORDER BY condition_occurrence_id;

-- name: drug_exposure
SELECT
    row_number() OVER (ORDER BY person_id, told("at"::DATE, moved), code) AS drug_exposure_id, person_id,
    standard_id AS drug_concept_id, told("at"::DATE, moved) AS drug_exposure_start_date,
    NULL AS drug_exposure_start_datetime,
    told(greatest(coalesce(ended, "at"::DATE), "at"::DATE), moved) AS drug_exposure_end_date,
    NULL AS drug_exposure_end_datetime,
    CASE WHEN ended >= "at"::DATE THEN told(ended, moved) END AS verbatim_end_date,
    32817 AS drug_type_concept_id, NULL AS stop_reason, NULL AS refills, NULL AS quantity,
    NULL AS days_supply, NULL AS sig, 0 AS route_concept_id, NULL AS lot_number,
    NULL AS provider_id, NULL AS visit_occurrence_id, NULL AS visit_detail_id,
    code AS drug_source_value, source_id AS drug_source_concept_id, NULL AS route_source_value,
    NULL AS dose_unit_source_value
FROM events ORDER BY drug_exposure_id;

-- name: procedure_occurrence
SELECT
    row_number() OVER (ORDER BY person_id, told("at"::DATE, moved), code) AS procedure_occurrence_id, person_id,
    standard_id AS procedure_concept_id, told("at"::DATE, moved) AS procedure_date,
    NULL AS procedure_datetime, NULL AS procedure_end_date, NULL AS procedure_end_datetime,
    32817 AS procedure_type_concept_id, 0 AS modifier_concept_id, NULL AS quantity,
    NULL AS provider_id, NULL AS visit_occurrence_id, NULL AS visit_detail_id,
    code AS procedure_source_value, source_id AS procedure_source_concept_id,
    NULL AS modifier_source_value
FROM events ORDER BY procedure_occurrence_id;

-- name: measurement
SELECT
    row_number() OVER (ORDER BY person_id, told("at"::DATE, moved), code, value) AS measurement_id, person_id,
    standard_id AS measurement_concept_id, told("at"::DATE, moved) AS measurement_date,
    NULL AS measurement_datetime, NULL AS measurement_time, 32817 AS measurement_type_concept_id,
    0 AS operator_concept_id, value AS value_as_number, 0 AS value_as_concept_id,
    coalesce(units.concept_id, 0) AS unit_concept_id, NULL AS range_low, NULL AS range_high,
    NULL AS provider_id, NULL AS visit_occurrence_id, NULL AS visit_detail_id,
    code AS measurement_source_value, source_id AS measurement_source_concept_id,
    unit AS unit_source_value, coalesce(units.concept_id, 0) AS unit_source_concept_id,
    text_value AS value_source_value, NULL AS measurement_event_id,
    0 AS meas_event_field_concept_id
FROM events
LEFT JOIN (
    SELECT concept_code, min(concept_id) AS concept_id FROM concept
    WHERE vocabulary_id = 'UCUM' GROUP BY concept_code
) AS units ON units.concept_code = events.unit
ORDER BY measurement_id;

-- name: condition_era
-- Occurrences no more than 30 days apart are one era.
WITH spans AS (
    SELECT
        person_id, condition_concept_id, condition_start_date AS start,
        coalesce(condition_end_date, condition_start_date) AS ends
    FROM condition_occurrence WHERE condition_concept_id <> 0
),
begun AS (
    SELECT *, max(ends) OVER (
        PARTITION BY person_id, condition_concept_id ORDER BY start, ends
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS before FROM spans
),
eras AS (
    SELECT *, sum(CASE WHEN before IS NULL OR start > before + 30 THEN 1 ELSE 0 END) OVER (
        PARTITION BY person_id, condition_concept_id ORDER BY start, ends
        ROWS UNBOUNDED PRECEDING
    ) AS era FROM begun
)
SELECT
    row_number() OVER (ORDER BY person_id, condition_concept_id, min(start)) AS condition_era_id,
    person_id, condition_concept_id, min(start) AS condition_era_start_date,
    max(ends) AS condition_era_end_date, count(*) AS condition_occurrence_count
FROM eras GROUP BY person_id, condition_concept_id, era ORDER BY condition_era_id;

-- name: drug_era
-- Exposures to an ingredient no more than 30 days apart are one era. Without the table of ancestors
-- a drug is its own ingredient.
WITH spans AS (
    SELECT
        d.person_id, coalesce(a.ancestor_id, d.drug_concept_id) AS drug_concept_id,
        d.drug_exposure_start_date AS start, d.drug_exposure_end_date AS ends
    FROM drug_exposure AS d
    LEFT JOIN ancestor AS a ON a.descendant_id = d.drug_concept_id
    WHERE d.drug_concept_id <> 0
),
begun AS (
    SELECT *, max(ends) OVER (
        PARTITION BY person_id, drug_concept_id ORDER BY start, ends
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS before FROM spans
),
eras AS (
    SELECT
        *, CASE WHEN start > before AND start <= before + 30 THEN start - before - 1 ELSE 0 END AS gap,
        sum(CASE WHEN before IS NULL OR start > before + 30 THEN 1 ELSE 0 END) OVER (
            PARTITION BY person_id, drug_concept_id ORDER BY start, ends ROWS UNBOUNDED PRECEDING
        ) AS era
    FROM begun
)
SELECT
    row_number() OVER (ORDER BY person_id, drug_concept_id, min(start)) AS drug_era_id,
    person_id, drug_concept_id, min(start) AS drug_era_start_date,
    max(ends) AS drug_era_end_date, count(*) AS drug_exposure_count,
    greatest(sum(gap), 0) AS gap_days
FROM eras GROUP BY person_id, drug_concept_id, era ORDER BY drug_era_id;

-- name: cdm_source
SELECT
    'Wholerecord extract' AS cdm_source_name, 'wholerecord' AS cdm_source_abbreviation,
    getvariable('holder') AS cdm_holder, getvariable('about') AS source_description,
    NULL AS source_documentation_reference, NULL AS cdm_etl_reference,
    getvariable('as_of') AS source_release_date, getvariable('as_of') AS cdm_release_date,
    'v5.4' AS cdm_version, 756265 AS cdm_version_concept_id,
    getvariable('vocabulary') AS vocabulary_version;
