-- How people want to be told who looked, the messages that tell them, and what seemed wrong.
CREATE TABLE telling_choice (
    person text PRIMARY KEY,
    channel text NOT NULL,
    address text NOT NULL,
    quiet boolean NOT NULL,
    says_who boolean NOT NULL,
    by text NOT NULL,
    at timestamptz NOT NULL
);

-- One a day for each person, actor and purpose. `dropped` says why nobody sends it any more; an
-- address is kept only while there is something to send.
CREATE TABLE outbox (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opening bigint NOT NULL,
    person text NOT NULL,
    actor text NOT NULL,
    purpose text NOT NULL,
    day date NOT NULL,
    channel text NOT NULL,
    address text NOT NULL,
    says_who boolean NOT NULL,
    due timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    sent timestamptz,
    dropped text NOT NULL DEFAULT '',
    UNIQUE (person, actor, purpose, day)
);
CREATE INDEX outbox_due ON outbox (due) WHERE sent IS NULL AND dropped = '';

-- A concern is closed by a reply and by nothing else.
CREATE TABLE concern (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person text NOT NULL,
    opening bigint NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    why text NOT NULL,
    reply text NOT NULL DEFAULT '',
    replied_by text NOT NULL DEFAULT '',
    replied timestamptz,
    CHECK ((replied IS NULL) = (reply = ''))
);
CREATE INDEX concern_person ON concern (person, n);
CREATE INDEX concern_open ON concern (n) WHERE replied IS NULL;
