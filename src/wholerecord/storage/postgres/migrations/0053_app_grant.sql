-- What people let apps do and has not run out, each as the JSON of `smart.Grant`, so that they can see
-- and end it. `person` is whose record it is for, '' for nobody's in particular.
CREATE TABLE app_grant (
    id text COLLATE "C" PRIMARY KEY,
    actor text COLLATE "C" NOT NULL,
    person text COLLATE "C" NOT NULL,
    begun timestamptz NOT NULL,
    until timestamptz NOT NULL,
    said bytea NOT NULL
);
CREATE INDEX app_grant_actor ON app_grant (actor);
CREATE INDEX app_grant_person ON app_grant (person);
CREATE INDEX app_grant_until ON app_grant (until);
