-- name: diabetes_hba1c
WITH last AS (
    SELECT person, arg_max(value, "at") AS value FROM observation
    WHERE code = 'hba1c' AND "at" < DATE '2026-07-01' GROUP BY person
)
SELECT sex, count(*) FROM person
WHERE person IN (SELECT person FROM condition WHERE code = 'type-2-diabetes')
    AND person IN (SELECT person FROM medication WHERE code = 'metformin')
    AND person IN (SELECT person FROM last WHERE value >= 58)
GROUP BY sex;

-- name: stroke_after_tia
WITH tia AS (SELECT person, min("at") AS "at" FROM condition WHERE code = 'tia' GROUP BY person)
SELECT sex, count(*) FROM person
WHERE person IN (
    SELECT c.person FROM condition AS c JOIN tia USING (person)
    WHERE c.code IN ('stroke', 'ischaemic-stroke') AND c."at" > tia."at" AND c."at" <= tia."at" + 90
)
GROUP BY sex;

-- name: anticoagulant_unchecked
SELECT sex, count(*) FROM person
WHERE person IN (SELECT person FROM medication WHERE code IN ('apixaban', 'edoxaban', 'warfarin'))
    AND person NOT IN (
        SELECT person FROM observation
        WHERE code IN ('egfr', 'creatinine') AND "at" >= DATE '2025-07-01'
    )
GROUP BY sex;

-- name: hypertension_untreated
SELECT deprivation, count(*) FROM person
WHERE person IN (SELECT person FROM condition WHERE code = 'hypertension')
    AND person NOT IN (
        SELECT person FROM medication WHERE code IN ('ramipril', 'amlodipine', 'losartan')
    )
GROUP BY deprivation;

-- name: lithium_levels
SELECT sex, count(*) FROM person
WHERE person IN (SELECT person FROM medication WHERE code = 'lithium')
    AND person NOT IN (
        SELECT person FROM observation WHERE code = 'creatinine' AND "at" >= DATE '2025-12-30'
    )
GROUP BY sex;

-- name: asthma_relievers
SELECT sex, count(*) FROM person
WHERE person IN (SELECT person FROM condition WHERE code = 'asthma')
    AND person IN (
        SELECT person FROM medication WHERE code = 'salbutamol' AND "at" > DATE '2025-06-30'
        GROUP BY person HAVING count(DISTINCT "at") >= 1
    )
GROUP BY sex;
