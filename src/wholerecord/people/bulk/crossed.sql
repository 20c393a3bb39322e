-- name: crossing
-- The pairs of `named`, and whether family and given name of the two are exchanged.
CREATE OR REPLACE VIEW crossing AS
SELECT named.*, exchanged.family_one IS NOT NULL AS crossed
FROM named
LEFT JOIN exchanged
    ON exchanged.family_one = named.family_n_l AND exchanged.given_one = named.given_n_l
    AND exchanged.family_other = named.family_n_r AND exchanged.given_other = named.given_n_r
