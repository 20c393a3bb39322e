-- Where every version of a resource is that a newer one has replaced. Of what was replaced before this
-- there is none here, and a history that lacks some of its versions is looked for as it was then.
CREATE TABLE earlier (
    home bigint NOT NULL,
    patient bigint NOT NULL,
    key bigint NOT NULL,
    t integer NOT NULL,
    n integer NOT NULL,
    kind smallint NOT NULL,
    PRIMARY KEY (home, patient, key, kind, t, n)
);
