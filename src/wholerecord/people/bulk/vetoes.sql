-- name: weights
-- What each level of each comparison weighs, as real time has it, for `is_level`.
SET VARIABLE weights = (SELECT map(list(level), list(bits)) FROM known);

-- name: vetoed
-- The pairs of `scored` with the veto of people.judge, by the levels in `at_level`: Splink gives the
-- weight of each comparison, and no two levels of one comparison weigh the same.
CREATE OR REPLACE TABLE pairs AS
SELECT
    unique_id_l, unique_id_r, match_weight,
    coalesce(
        is_level(mw_nhs_number, 'nhs_number different_verified')
        OR (years >= 12 AND NOT is_level(mw_born, 'born slip'))
        OR (years >= 12 AND NOT (same_number AND names_agree))
        OR (given_differs AND is_level(mw_sex, 'sex different'))
        OR (given_differs AND same_born),
        false
    ) AS veto,
    -- No veto, but never joined without a person's look: real time does not either.
    (is_level(mw_born, 'born different') OR mw_given = 0)
        AND NOT same_number AND NOT is_level(mw_local, 'local same') AS held,
    -- Of a pair with a veto, whether people should look all the same.
    CASE
        WHEN is_level(mw_nhs_number, 'nhs_number different_verified') THEN names_agree AND same_born
        WHEN years >= 12 AND NOT is_level(mw_born, 'born slip') THEN same_number
        WHEN years >= 12 THEN same_number OR (names_agree AND reached)
        WHEN is_level(mw_sex, 'sex different') THEN same_number
        ELSE
            same_number
            OR (
                match_weight >= getvariable('possible') AND reached
                AND NOT is_level(mw_nhs_number, 'nhs_number different')
            )
    END AS look
FROM (
    SELECT
        *,
        coalesce(years_between(day_l, day_r), 0) AS years,
        is_level(mw_given, 'given different') AS given_differs,
        is_level(mw_born, 'born exact') OR is_level(mw_born, 'born exact_january') AS same_born,
        is_level(mw_postcode, 'postcode same') OR is_level(mw_postcode, 'postcode past')
        OR is_level(mw_phone, 'phone same') OR is_level(mw_email, 'email same') AS reached,
        is_level(mw_nhs_number, 'nhs_number same') OR is_level(mw_nhs_number, 'nhs_number same_verified')
            AS same_number,
        NOT (mw_family = 0 OR is_level(mw_family, 'family changed') OR is_level(mw_family, 'family different'))
        AND NOT (
            mw_given = 0 OR given_differs OR is_level(mw_given, 'given initial')
            OR is_level(mw_given, 'given next_differs')
        ) AS names_agree
    FROM scored
)
