ALTER TABLE message
ADD COLUMN control text,
ADD COLUMN sender text NOT NULL DEFAULT '',
ADD COLUMN again smallint NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX message_control ON message (control, source, sender, again)
WHERE control IS NOT NULL;

CREATE TABLE posted (
    source smallint NOT NULL REFERENCES source (id),
    key text NOT NULL,
    sha256 bytea NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (source, key)
);
