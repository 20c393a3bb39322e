-- Who knows that a record they opened was two people's: the link event that parted it.
CREATE TABLE told (
    actor text NOT NULL,
    event bigint NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (actor, event)
);
CREATE INDEX link_event_parted ON link_event (was, n)
WHERE act IN ('unlink', 'unmerge') AND was <> person;
