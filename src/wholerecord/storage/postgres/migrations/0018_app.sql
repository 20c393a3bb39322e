-- Which apps are registered, each as the JSON of `smart.App`: a secret only as its SHA-256.
CREATE TABLE app (
    id text COLLATE "C" PRIMARY KEY,
    said bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
