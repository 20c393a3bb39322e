-- The profiles that a site asks of every resource of their type that a client writes at a base.
CREATE TABLE profile_asked (
    base text NOT NULL,
    url text NOT NULL,
    PRIMARY KEY (base, url)
);
