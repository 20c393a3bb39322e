-- The whole database as it is now. `migrations/` lead to the same: a test compares the two.
--
-- Distribution: `home` is the column to distribute by; `patient` is the directory that finds it.
-- Nothing here is changed or deleted except queues, caches and counters, each marked so.

-- What was applied, so that what is missing can be.
CREATE TABLE migration (
    name text PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE source (
    id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    controller text NOT NULL,
    title text NOT NULL,
    setting text NOT NULL,
    expected interval,
    columns bytea NOT NULL
);

-- A FHIR resource type as two bytes.
CREATE TABLE kind (
    id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE
);

-- A zstandard dictionary. Once a body is written with one it stays; 0 means none and has no row.
CREATE TABLE dictionary (
    id smallint PRIMARY KEY,
    name text NOT NULL,
    data bytea NOT NULL
);

-- Bytes as a source sent them: `body` is zstandard, `sha256` and `size` are of the bytes as sent.
-- `control` is the id the sender gave the message (MSH-10, and `sender` is MSH-3 and MSH-4); `again`
-- counts the messages that came before it with the same one and other bytes. `known_as` is 64 bits
-- of the SHA-256 of the id that stands in a message which came without one: to find it by.
CREATE TABLE message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received timestamptz NOT NULL,
    size integer NOT NULL,
    source smallint NOT NULL REFERENCES source (id),
    sha256 bytea NOT NULL,
    name text NOT NULL,
    body bytea NOT NULL,
    control text,
    sender text NOT NULL DEFAULT '',
    again smallint NOT NULL DEFAULT 0,
    known_as bigint,
    UNIQUE (source, sha256)
);
ALTER TABLE message ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX message_control ON message (control, source, sender, again)
WHERE control IS NOT NULL;
CREATE INDEX message_known_as ON message (known_as) WHERE known_as IS NOT NULL;

-- What the key of a posted body (`Idempotency-Key`) stands for: the hash of the bytes it came with.
CREATE TABLE posted (
    source smallint NOT NULL REFERENCES source (id),
    key text NOT NULL,
    sha256 bytea NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (source, key)
);

-- Queue: messages kept and not yet filed.
CREATE TABLE waiting (
    message bigint PRIMARY KEY,
    size integer NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Counters, in slots so that those who count at once do not wait for each other.
CREATE TABLE feed (
    source smallint NOT NULL REFERENCES source (id),
    slot smallint NOT NULL,
    messages bigint NOT NULL DEFAULT 0,
    said bigint NOT NULL DEFAULT 0,
    last_received timestamptz,
    newest timestamptz,
    PRIMARY KEY (source, slot)
) WITH (fillfactor = 50);

-- Counters of the same, by the hour (UTC) in which each message was received: the book that the
-- nightly check holds against the rows. `again` are messages that were kept before. Keeping counts
-- in the lower slots and filing in the upper ones, so that neither waits for the other.
CREATE TABLE ledger (
    source smallint NOT NULL REFERENCES source (id),
    slot smallint NOT NULL,
    hour timestamptz NOT NULL,
    first timestamptz,
    last timestamptz,
    kept bigint NOT NULL DEFAULT 0,
    again bigint NOT NULL DEFAULT 0,
    filed bigint NOT NULL DEFAULT 0,
    faulty bigint NOT NULL DEFAULT 0,
    items bigint NOT NULL DEFAULT 0,
    said bigint NOT NULL DEFAULT 0,
    lagged bigint NOT NULL DEFAULT 0,
    lag double precision NOT NULL DEFAULT 0,
    PRIMARY KEY (source, hour, slot)
) WITH (fillfactor = 50);

-- `patient` is whom it is about, where that could be told; `assigned` whom somebody gave it to.
CREATE TABLE parked (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message bigint NOT NULL,
    source smallint NOT NULL REFERENCES source (id),
    place text NOT NULL,
    reason text NOT NULL,
    says text NOT NULL,
    owner text NOT NULL,
    since timestamptz NOT NULL,
    released timestamptz,
    released_by text NOT NULL DEFAULT '',
    released_why text NOT NULL DEFAULT '',
    patient bigint,
    assigned text NOT NULL DEFAULT ''
);
CREATE INDEX parked_open ON parked (source, n) WHERE released IS NULL;
CREATE INDEX parked_patient ON parked (patient, n)
WHERE released IS NULL AND patient IS NOT NULL;
CREATE INDEX parked_nobody ON parked (source, n) WHERE released IS NULL AND patient IS NULL;
CREATE INDEX parked_message ON parked (message);

-- What was done about a parked item, by whom and why. `replay` did it, where one did.
CREATE TABLE parked_step (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parked bigint NOT NULL,
    replay bigint,
    at timestamptz NOT NULL,
    step text NOT NULL,
    by text NOT NULL,
    given_to text NOT NULL,
    why text NOT NULL
);
CREATE INDEX parked_step_parked ON parked_step (parked, n);
CREATE INDEX parked_step_replay ON parked_step (replay) WHERE replay IS NOT NULL;

-- A person as one source knows them. `t` counts filings, `rulings` counts rulings made and
-- withdrawn. `demographics` (MessagePack) repeats the newest Patient statement: a cache; its
-- source wrote that at `described`.
-- `reread` says that there are rows of `reread` about them, `keyed` that `resource` has a row for all
-- that was said of them.
CREATE TABLE patient (
    id bigint PRIMARY KEY,
    home bigint NOT NULL,
    t integer NOT NULL DEFAULT 0,
    rulings integer NOT NULL DEFAULT 0,
    source smallint NOT NULL REFERENCES source (id),
    number text NOT NULL,
    demographics bytea,
    reread boolean NOT NULL DEFAULT false,
    described timestamptz,
    keyed boolean NOT NULL DEFAULT true
) WITH (fillfactor = 80);

-- Queue: patients who are nobody yet.
CREATE TABLE unlinked (
    patient bigint PRIMARY KEY,
    since timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- What was said. `body` is canonical JSON in zstandard with that dictionary. The columns stand in
-- this order so that none is padded. `filed` is when the record first held it, `received` when
-- its message came.
CREATE TABLE statement (
    home bigint NOT NULL,
    patient bigint NOT NULL,
    message bigint NOT NULL,
    received timestamptz NOT NULL,
    filed timestamptz NOT NULL,
    t integer NOT NULL,
    n integer NOT NULL,
    kind smallint NOT NULL,
    dictionary smallint NOT NULL,
    place text NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (home, patient, t, n)
);
ALTER TABLE statement ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX statement_message ON statement (message);
CREATE INDEX statement_filed ON statement (filed);

-- Cache of statement: the newest version of each resource. `key` is 64 bits of its source's own id,
-- `versions` how many there are, and `gone` says that the newest takes it back.
CREATE TABLE resource (
    home bigint NOT NULL,
    patient bigint NOT NULL,
    key bigint NOT NULL,
    t integer NOT NULL,
    n integer NOT NULL,
    versions integer NOT NULL,
    kind smallint NOT NULL,
    gone boolean NOT NULL,
    PRIMARY KEY (home, patient, key, kind)
) WITH (fillfactor = 90);

-- Cache of statement: where each version of a resource is that a newer one has replaced.
CREATE TABLE earlier (
    home bigint NOT NULL,
    patient bigint NOT NULL,
    key bigint NOT NULL,
    t integer NOT NULL,
    n integer NOT NULL,
    kind smallint NOT NULL,
    PRIMARY KEY (home, patient, key, kind, t, n)
);

-- Which resources a client wrote with which identifier: 64 bits of source, type, system and value.
CREATE TABLE identity (
    token bigint NOT NULL,
    patient bigint NOT NULL,
    key bigint NOT NULL,
    kind smallint NOT NULL,
    PRIMARY KEY (token, kind, patient, key)
);

-- Kept messages read again with a mended map or reader: who signed it off, and who took it back.
CREATE TABLE replay (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    by text NOT NULL,
    why text NOT NULL,
    undone timestamptz,
    undone_by text NOT NULL DEFAULT '',
    undone_why text NOT NULL DEFAULT ''
);

-- The messages of a replay, one commit each. `merged` are the patients it had merged.
CREATE TABLE replayed (
    message bigint NOT NULL,
    replay bigint NOT NULL REFERENCES replay (n),
    undone timestamptz,
    said integer NOT NULL,
    merged bigint[] NOT NULL,
    PRIMARY KEY (message, replay)
);
CREATE INDEX replayed_replay ON replayed (replay, message);

-- From the patient's `t` on, what a message says about them is what was filed at `shows`; 0: what
-- was filed when it was first read.
CREATE TABLE reread (
    home bigint NOT NULL,
    patient bigint NOT NULL,
    message bigint NOT NULL,
    replay bigint NOT NULL,
    at timestamptz NOT NULL,
    t integer NOT NULL,
    shows integer NOT NULL,
    PRIMARY KEY (home, patient, message, t)
);

-- Who is who: every decision.
CREATE TABLE link_event (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    patient bigint NOT NULL,
    person uuid NOT NULL,
    was uuid,
    at timestamptz NOT NULL,
    weight double precision NOT NULL,
    act text NOT NULL,
    parts jsonb NOT NULL,
    by text NOT NULL,
    why text NOT NULL,
    model text NOT NULL
);
CREATE INDEX link_event_patient ON link_event (patient, n);
CREATE INDEX link_event_person ON link_event (person, n);
CREATE INDEX link_event_was ON link_event (was, n) WHERE was IS NOT NULL;
CREATE INDEX link_event_parted ON link_event (was, n)
WHERE act IN ('unlink', 'unmerge') AND was <> person;

-- Who knows that a record they opened was two people's: the link event that parted it.
CREATE TABLE told (
    actor text NOT NULL,
    event bigint NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (actor, event)
);

-- What was shown and was wrong: taken back or corrected by its source, or ruled wrong.
CREATE TABLE wrong_fact (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person text NOT NULL,
    patient bigint NOT NULL,
    kind text NOT NULL,
    own text NOT NULL,
    at timestamptz NOT NULL,
    how text NOT NULL,
    UNIQUE (patient, kind, own, at)
);
CREATE INDEX wrong_fact_person ON wrong_fact (person, n);

-- Who opened the record meanwhile, and when they said that they know.
CREATE TABLE misinformed (
    fact bigint NOT NULL REFERENCES wrong_fact (n),
    actor text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    organisation text NOT NULL,
    looks integer NOT NULL,
    last timestamptz NOT NULL,
    read timestamptz,
    PRIMARY KEY (fact, actor)
);
CREATE INDEX misinformed_actor ON misinformed (actor, fact) WHERE read IS NULL;

-- Cache of link_event: who each patient is now.
CREATE TABLE member (
    patient bigint PRIMARY KEY,
    person uuid NOT NULL
);
CREATE INDEX member_person ON member (person);

-- Cache of patient.demographics: two patients who share a key are worth comparing.
CREATE TABLE blocking_key (
    key bigint NOT NULL,
    patient bigint NOT NULL,
    PRIMARY KEY (key, patient)
);

-- Queue: patients whose demographics are new or changed. `keys` are those they are linked by, null
-- where whoever queued them did not know; they are no truth: the linker makes them anew.
CREATE TABLE to_link (
    patient bigint PRIMARY KEY,
    n bigint GENERATED ALWAYS AS IDENTITY,
    keys bigint[]
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX to_link_n ON to_link (n);

-- Queue: merges their source said (HL7 v2 A40), and those it took back (`undo`: A37).
CREATE TABLE to_merge (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kept bigint NOT NULL,
    retired bigint NOT NULL,
    undo boolean NOT NULL DEFAULT false,
    said timestamptz
);

-- What sources said of merges, numbered as in `to_merge`: what was said last counts.
CREATE TABLE merge_said (
    n bigint PRIMARY KEY,
    kept bigint NOT NULL,
    retired bigint NOT NULL,
    undo boolean NOT NULL,
    at timestamptz NOT NULL,
    heard timestamptz NOT NULL
);
CREATE INDEX merge_said_kept ON merge_said (kept);
CREATE INDEX merge_said_retired ON merge_said (retired);

-- Queue: two patients who certainly are one, of two persons; the rules look whether these are one.
CREATE TABLE to_bridge (
    patient bigint NOT NULL,
    other bigint NOT NULL,
    n bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (patient, other)
);
CREATE INDEX to_bridge_n ON to_bridge (n);

-- Pairs that no rule may join again. Cache of link_event.
CREATE TABLE apart (
    patient bigint NOT NULL,
    person uuid NOT NULL,
    PRIMARY KEY (patient, person)
);
CREATE INDEX apart_person ON apart (person);

-- Queue for people: possible matches. The answer is a link_event.
CREATE TABLE review (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    patient bigint NOT NULL,
    person uuid NOT NULL,
    weight double precision NOT NULL,
    parts jsonb NOT NULL,
    against boolean NOT NULL,
    since timestamptz NOT NULL,
    why text NOT NULL DEFAULT '',
    UNIQUE (patient, person)
);
CREATE INDEX review_person ON review (person);

-- Questions that people answered: a detector does not ask the same again, and an undone answer is
-- asked again as it was.
CREATE TABLE answer (
    patient bigint NOT NULL,
    person uuid NOT NULL,
    why text NOT NULL,
    weight double precision NOT NULL,
    parts jsonb NOT NULL,
    against boolean NOT NULL,
    PRIMARY KEY (patient, person, why)
);
CREATE INDEX answer_person ON answer (person);

CREATE TABLE ruling (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    verdict text NOT NULL,
    by text NOT NULL,
    why text NOT NULL,
    at timestamptz NOT NULL,
    withdrawn timestamptz,
    withdrawn_by text NOT NULL DEFAULT '',
    side text NOT NULL DEFAULT ''
);

CREATE TABLE ruling_about (
    ruling bigint NOT NULL REFERENCES ruling (n),
    place integer NOT NULL,
    patient bigint NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    PRIMARY KEY (ruling, place)
);
CREATE INDEX ruling_about_patient ON ruling_about (patient);

-- A request to the source of a patient to put right what a ruling says is wrong. `next` is when its
-- message goes, `t` the patient's when it was last held against what its source said.
CREATE TABLE correction (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ruling bigint NOT NULL REFERENCES ruling (n),
    patient bigint NOT NULL,
    owner text NOT NULL,
    due timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'to send',
    next timestamptz NOT NULL,
    t integer NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    via text NOT NULL DEFAULT '',
    sent timestamptz,
    escalated timestamptz,
    reply text NOT NULL DEFAULT '',
    replied_by text NOT NULL DEFAULT '',
    closed timestamptz,
    UNIQUE (ruling, patient)
);
CREATE INDEX correction_open ON correction (n) WHERE closed IS NULL;
CREATE INDEX correction_going ON correction (next) WHERE state IN ('to send', 'to retract');

-- What people decided about who sees their records: each begins and ends together with its rules.
CREATE TABLE preference (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person text NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    words text NOT NULL,
    ended timestamptz,
    ended_by text NOT NULL DEFAULT ''
);
CREATE INDEX preference_person ON preference (person, n);

-- Who may see what. A row is never changed but for `ended`.
CREATE TABLE rule (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    allow boolean NOT NULL,
    related boolean NOT NULL,
    purpose text NOT NULL,
    reason text NOT NULL,
    view text,
    role text,
    organisation text,
    actor text,
    person text,
    kinds text[] NOT NULL,
    label text,
    since timestamptz,
    until timestamptz,
    begun timestamptz NOT NULL DEFAULT now(),
    ended timestamptz,
    kind text,
    source text,
    item text,
    basis text NOT NULL DEFAULT '',
    controller text NOT NULL DEFAULT '',
    preference bigint REFERENCES preference (n),
    author text,
    first_day date,
    last_day date
);
CREATE INDEX rule_preference ON rule (preference) WHERE preference IS NOT NULL;
CREATE INDEX rule_general ON rule (n) WHERE ended IS NULL AND person IS NULL;
CREATE INDEX rule_person ON rule (person) WHERE ended IS NULL AND person IS NOT NULL;

-- Another version with every change of the general rules, so that a program that knows them reads
-- them again only then. One row, or none before there was any.
CREATE TABLE rule_book (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version uuid NOT NULL
);
CREATE FUNCTION general_rules_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO rule_book (version) VALUES (gen_random_uuid())
    ON CONFLICT (one) DO UPDATE SET version = excluded.version;
    RETURN NULL;
END $$;
CREATE TRIGGER rule_begun AFTER INSERT ON rule
FOR EACH ROW WHEN (NEW.person IS NULL) EXECUTE FUNCTION general_rules_changed();
CREATE TRIGGER rule_changed AFTER UPDATE ON rule
FOR EACH ROW WHEN (OLD.person IS NULL OR NEW.person IS NULL)
EXECUTE FUNCTION general_rules_changed();
CREATE TRIGGER rule_gone AFTER DELETE ON rule
FOR EACH ROW WHEN (OLD.person IS NULL) EXECUTE FUNCTION general_rules_changed();

-- Every look. `n` is given out under a lock held until the commit, so that a smaller number never
-- appears after a larger one: the seals depend on it. Numbers may be missing.
CREATE TABLE opening (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    rule bigint NOT NULL,
    allowed boolean NOT NULL,
    actor text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    organisation text NOT NULL,
    purpose text NOT NULL,
    view text NOT NULL,
    part text NOT NULL,
    person text,
    reason text NOT NULL,
    given text NOT NULL,
    seen jsonb NOT NULL,
    nth integer NOT NULL DEFAULT 0
);
CREATE INDEX opening_person ON opening (person, n) WHERE person IS NOT NULL;
CREATE INDEX opening_reviewed ON opening (n) WHERE purpose = 'emergency' OR view = 'claim';
CREATE INDEX opening_claim ON opening (person, at) WHERE view = 'claim' AND allowed;
CREATE INDEX opening_system ON opening (n) WHERE role = 'system';

-- Looks written down at the end of the log, in one question: its lock is held until the commit, so
-- that a smaller number never appears after a larger one, and what comes after it sees all that came
-- before: the last opening of a person is the last, and the next is one more. The time is that of
-- getting the lock.
CREATE FUNCTION write_openings(looks json)
RETURNS TABLE (n bigint, nth integer, at timestamptz)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    moment timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(1463897172, 2048);
    moment := clock_timestamp();
    RETURN QUERY
    WITH said AS (
        SELECT * FROM ROWS FROM (
            json_to_recordset(looks) AS (
                rule bigint, allowed boolean, actor text, name text, role text, organisation text,
                purpose text, view text, part text, person text, reason text, given text, seen jsonb
            )
        ) WITH ORDINALITY AS said (
            rule, allowed, actor, name, role, organisation, purpose, view, part, person, reason,
            given, seen, place
        )
    ),
    counted AS (
        SELECT each.person, coalesce(last.nth, 0) AS nth
        FROM (SELECT DISTINCT person FROM said WHERE person IS NOT NULL) AS each
        LEFT JOIN LATERAL (
            SELECT opening.nth FROM opening
            WHERE opening.person = each.person ORDER BY opening.n DESC LIMIT 1
        ) AS last ON true
    )
    INSERT INTO opening (
        at, rule, allowed, actor, name, role, organisation, purpose, view, part, person, reason,
        given, seen, nth
    )
    SELECT
        moment, rule, allowed, actor, name, role, organisation, purpose, view, part,
        said.person, reason, given, seen,
        coalesce(counted.nth + row_number() OVER (PARTITION BY said.person ORDER BY place), 0)
    FROM said LEFT JOIN counted ON counted.person = said.person
    ORDER BY place
    RETURNING n, nth, moment;
END $$;

-- What left the system, each with the numbers of the openings that let it out; taken out again once
-- it was held against the log.
CREATE TABLE departure (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    sort text NOT NULL,
    openings jsonb NOT NULL,
    people integer NOT NULL
);

-- Who may not be used for planning and research by the last national look-up: briefly, and whole.
CREATE TABLE look_up (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    at timestamptz NOT NULL,
    until timestamptz NOT NULL
);
CREATE TABLE opted_out (
    person text PRIMARY KEY
);

-- 256 openings each: what their part of the tree of the log comes to. Made of the log again at will.
CREATE TABLE tile (
    place bigint PRIMARY KEY,
    first bigint NOT NULL,
    last bigint NOT NULL,
    root bytea NOT NULL
);

-- Looks that somebody reviews: one a day for each pattern, person and who looked (actor "" of a
-- crowd). Closed by an outcome and nothing else.
CREATE TABLE doubt (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pattern text NOT NULL,
    person text NOT NULL,
    actor text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    organisation text NOT NULL,
    first bigint NOT NULL,
    at timestamptz NOT NULL,
    day date NOT NULL,
    evidence text NOT NULL,
    outcome text,
    why text NOT NULL DEFAULT '',
    closed_by text NOT NULL DEFAULT '',
    closed timestamptz,
    UNIQUE (person, pattern, actor, day),
    CHECK ((closed IS NULL) = (outcome IS NULL))
);
CREATE INDEX doubt_open ON doubt (n) WHERE outcome IS NULL;

-- Whose records are watched: every look at them is a doubt.
CREATE TABLE watched (
    person text PRIMARY KEY,
    by text NOT NULL,
    why text NOT NULL,
    at timestamptz NOT NULL
);

CREATE TABLE seal (
    size bigint NOT NULL,
    at timestamptz NOT NULL,
    root bytea NOT NULL,
    signature bytea NOT NULL,
    PRIMARY KEY (size, at)
);

-- The public register of queries.
CREATE TABLE query (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    organisation text NOT NULL,
    purpose text NOT NULL,
    asked bytea NOT NULL,
    answered bytea NOT NULL
);
CREATE INDEX query_asked ON query (sha256(asked), n);

-- What left to a language model, redacted, and what it answered.
CREATE TABLE prompt (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    opening bigint NOT NULL,
    actor text NOT NULL,
    service text NOT NULL,
    sent bytea NOT NULL,
    fate text NOT NULL,
    answered bytea NOT NULL DEFAULT '',
    person text NOT NULL DEFAULT '',
    taken_out integer NOT NULL DEFAULT 0,
    kek text,
    wrapped bytea,
    forgotten timestamptz
);

-- What was spent of the privacy budget: no line is changed or taken out.
CREATE TABLE budget (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    snapshot text NOT NULL,
    what text NOT NULL,
    epsilon bigint NOT NULL CHECK (epsilon > 0)
);

-- What the program remembers of this database itself: whether it is a demonstration.
CREATE TABLE mark (
    name text PRIMARY KEY,
    value text NOT NULL
);

-- What counts no longer (sessions, codes, tokens, assertions), by the SHA-256 of its name.
CREATE TABLE spent (
    name bytea PRIMARY KEY,
    at timestamptz NOT NULL,
    until timestamptz NOT NULL
);
CREATE INDEX spent_until ON spent (until);

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

-- Policies of the fold as they were proposed, each as its file. `base` is the last step then, 0 for
-- none: signed while it still is. `compared` says what it would change, without a word of anybody's
-- record.
CREATE TABLE policy (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body bytea NOT NULL,
    base bigint NOT NULL,
    by text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    why text NOT NULL,
    at timestamptz NOT NULL,
    compared bytea
);

-- Signatures, and their undoings: never changed. Each names the step before it, so of two at once
-- one is refused.
CREATE TABLE policy_step (
    n bigint PRIMARY KEY,
    act text NOT NULL,
    policy bigint NOT NULL REFERENCES policy (n),
    by text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    why text NOT NULL,
    at timestamptz NOT NULL,
    CHECK (act IN ('signed', 'undone'))
);

-- Which apps are registered, each as the JSON of `smart.App`: a secret only as its SHA-256.
CREATE TABLE app (
    id text COLLATE "C" PRIMARY KEY,
    said bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

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

-- Projects that may ask studies, every study as it was sent, and what each came to.
CREATE TABLE study_project (
    id text COLLATE "C" PRIMARY KEY,
    said bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE study (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    project text NOT NULL,
    actor text NOT NULL,
    purpose text NOT NULL,
    code text NOT NULL,
    said bytea NOT NULL
);
CREATE INDEX study_of_project ON study (project, n);
-- `cells` and `people` are sets of numbers of the tables, compressed.
CREATE TABLE study_run (
    study bigint PRIMARY KEY REFERENCES study (n),
    state text NOT NULL,
    snapshot text NOT NULL,
    told bytea NOT NULL,
    holds boolean NOT NULL,
    near boolean NOT NULL,
    cells bytea NOT NULL,
    people bytea NOT NULL,
    nth bigint UNIQUE,
    released timestamptz,
    CHECK ((nth IS NULL) = (released IS NULL))
);

-- What checkers said of a study that waits: each says one thing, once.
CREATE TABLE study_check (
    study bigint NOT NULL REFERENCES study_run (study),
    by text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    approved boolean NOT NULL,
    why text NOT NULL,
    PRIMARY KEY (study, by)
);

-- What planners' boards show, as sets of numbers of the tables, compressed: studies are held against
-- it. It is kept before the board is on the register.
CREATE TABLE board_release (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    cells bytea NOT NULL
);

-- The keys of the key file that anything is wrapped with, each with a word wrapped by it: so that a
-- program with another key is told so before it reads anything.
CREATE TABLE kek (
    id text PRIMARY KEY,
    proof bytea NOT NULL
);

-- The keys that statements' bodies are encrypted with, wrapped by a key of the key file; the last
-- is written with. A destroyed one has no bytes, and what was encrypted with it is nobody's to read.
CREATE TABLE data_key (
    home bigint NOT NULL,
    patient bigint NOT NULL,
    n smallint NOT NULL,
    kek text NOT NULL,
    wrapped bytea,
    destroyed timestamptz,
    destroyed_by text NOT NULL DEFAULT '',
    destroyed_why text NOT NULL DEFAULT '',
    PRIMARY KEY (home, patient, n)
);

-- The same of messages, a key each.
CREATE TABLE message_key (
    message bigint PRIMARY KEY,
    kek text NOT NULL,
    wrapped bytea,
    destroyed timestamptz
);

-- Who asked to be told of what is said. `wish` is JSON: what they asked for. `due` is when the next
-- notification is, `tries` how often it was sent. Ended by `state` off, removed by whoever made it.
-- By `channel` websocket they are told where they are connected, and no delivery is ever due.
CREATE TABLE subscription (
    id text PRIMARY KEY,
    asker text NOT NULL,
    state text NOT NULL,
    begun timestamptz NOT NULL,
    until timestamptz NOT NULL,
    due timestamptz,
    events bigint NOT NULL DEFAULT 0,
    delivered bigint NOT NULL DEFAULT 0,
    tries integer NOT NULL DEFAULT 0,
    says text NOT NULL DEFAULT '',
    wish bytea NOT NULL,
    channel text NOT NULL DEFAULT 'rest-hook'
);
CREATE INDEX subscription_due ON subscription (due) WHERE due IS NOT NULL;
CREATE INDEX subscription_asker ON subscription (asker, begun);

-- Queue: what was said of patients while anybody was subscribed.
CREATE TABLE news (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    patient bigint NOT NULL,
    t integer NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- What a subscriber was told of, or is to be: numbered without gaps. Kept for a while after.
CREATE TABLE happening (
    subscription text NOT NULL REFERENCES subscription (id) ON DELETE CASCADE,
    number bigint NOT NULL,
    at timestamptz NOT NULL,
    focus text NOT NULL,
    change text NOT NULL,
    PRIMARY KEY (subscription, number)
);
CREATE INDEX happening_at ON happening (at);

-- Definitions that a site loaded: profiles, value sets, code systems. `body` is canonical JSON in
-- zstandard.
CREATE TABLE definition (
    url text NOT NULL,
    version text NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    loaded timestamptz NOT NULL DEFAULT clock_timestamp(),
    body bytea NOT NULL,
    PRIMARY KEY (url, version)
);

-- The profiles that a site asks of every resource of their type that a client writes at a base.
CREATE TABLE profile_asked (
    base text NOT NULL,
    url text NOT NULL,
    PRIMARY KEY (base, url)
);

-- Linking asks the same few questions for every newcomer, so their plans are made once a session
-- and not for each: planning took longer than looking. A plan kept from when a table was empty
-- would read it from end to end, so that is forbidden; and one for many would sort or hash what is
-- a handful.

-- Who is near what is linked by `wanted`, as rows of two kinds. `member`: everybody of every person
-- of whom somebody shares a key, or who one of `patients` is. `key`: a key with everybody who has
-- it; one that more than `crowd` patients have tells nobody apart and is left out. And `apart`: the
-- persons whom somebody found these patients not to be.
--
-- Two linkers that could make two persons of one share a key, so one waits for the other, and what
-- is read is read under the locks. Keys share 1024 locks, taken in order: a batch cannot use up the
-- server's lock table.
CREATE FUNCTION link_near(wanted bigint[], crowd integer, patients bigint[])
RETURNS TABLE (what text, id bigint, demographics bytea, person uuid, keys bigint[])
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM pg_advisory_xact_lock(1463897172, bucket)
    FROM (
        SELECT DISTINCT (key & 1023)::integer AS bucket FROM unnest(wanted) AS asked (key)
        ORDER BY bucket
    ) AS buckets;
    RETURN QUERY
    WITH telling AS MATERIALIZED (
        SELECT asked.key, ARRAY(
            SELECT blocking_key.patient FROM blocking_key
            WHERE blocking_key.key = asked.key
            LIMIT crowd + 1
        ) AS patients
        FROM (SELECT DISTINCT key FROM unnest(wanted) AS given (key)) AS asked
    ),
    people AS MATERIALIZED (
        SELECT person FROM member
        WHERE patient IN (
            SELECT unnest(telling.patients) FROM telling WHERE cardinality(telling.patients) <= crowd
        )
        UNION
        SELECT person FROM member WHERE patient = ANY(patients)
    )
    SELECT 'key', telling.key, NULL::bytea, NULL::uuid, telling.patients
    FROM telling WHERE cardinality(telling.patients) <= crowd
    UNION ALL
    SELECT 'member', patient.id, patient.demographics, member.person, NULL::bigint[]
    FROM people
    INNER JOIN member ON member.person = people.person
    INNER JOIN patient ON patient.id = member.patient
    UNION ALL
    SELECT 'apart', apart.patient, NULL::bytea, apart.person, NULL::bigint[]
    FROM apart WHERE apart.patient = ANY(patients);
END $$;

-- `link_near`, for whose keys were made anew.
CREATE FUNCTION link_candidates(wanted bigint[], crowd integer, patients bigint[])
RETURNS TABLE (what text, id bigint, demographics bytea, person uuid, keys bigint[])
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    RETURN QUERY SELECT * FROM link_near(wanted, crowd, patients);
END $$;

-- The first `most` patients of the queue, claimed until the commit: rows of the kind `claimed`, in
-- the order of the queue, each with the keys it was queued with. Then their `link_near`, unless the
-- keys of one are not known here.
CREATE FUNCTION claim_links(most integer, crowd integer)
RETURNS TABLE (what text, id bigint, demographics bytea, person uuid, keys bigint[])
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    claimed bigint[];
    wanted bigint[] := '{}';
    unknown boolean := false;
BEGIN
    SELECT array_agg(taken.patient ORDER BY taken.n) INTO claimed
    FROM (
        SELECT patient, n FROM to_link ORDER BY n LIMIT most FOR UPDATE SKIP LOCKED
    ) AS taken;
    IF claimed IS NULL THEN
        RETURN;
    END IF;
    what := 'claimed';
    FOR id, demographics, keys IN
        SELECT patient.id, patient.demographics, to_link.keys
        FROM unnest(claimed) WITH ORDINALITY AS taken (patient, place)
        INNER JOIN to_link ON to_link.patient = taken.patient
        INNER JOIN patient ON patient.id = taken.patient
        ORDER BY taken.place
    LOOP
        RETURN NEXT;
        wanted := wanted || keys;
        unknown := unknown OR keys IS NULL;
    END LOOP;
    IF NOT unknown THEN
        RETURN QUERY SELECT * FROM link_near(wanted, crowd, claimed);
    END IF;
END $$;

-- Newcomers become persons, and leave the queue: their events, who they are and that they wait no
-- more, in one. Rows in the order of the newcomers.
CREATE FUNCTION link_newcomers(
    newcomers bigint[], persons uuid[], weights double precision[], evidence jsonb[],
    reasons text[], by_model text, done bigint[]
)
RETURNS TABLE (n bigint, at timestamptz)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH event AS (
        INSERT INTO link_event (patient, act, person, weight, parts, by, why, model, at)
        SELECT patient, 'link', person, weight, parts, 'rules', why, by_model, clock_timestamp()
        FROM unnest(newcomers, persons, weights, evidence, reasons)
            WITH ORDINALITY AS said (patient, person, weight, parts, why, place)
        ORDER BY place
        RETURNING n, at
    ),
    now AS (
        INSERT INTO member (patient, person)
        SELECT patient, person FROM unnest(newcomers, persons) AS now (patient, person)
        ORDER BY patient
        ON CONFLICT (patient) DO UPDATE SET person = excluded.person
    ),
    known AS (
        DELETE FROM unlinked WHERE patient = ANY(newcomers)
    ),
    gone AS (
        DELETE FROM to_link WHERE patient = ANY(done)
    )
    SELECT event.n, event.at FROM event ORDER BY event.n;
END $$;

-- Everybody of whom one of the keys is kept, with who they are, by id.
CREATE FUNCTION find_by_keys(wanted bigint[])
RETURNS TABLE (
    person uuid, id bigint, source text, number text, controller text,
    t integer, demographics bytea, rulings integer
)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT
        member.person, patient.id, source.name, patient.number, source.controller,
        patient.t, patient.demographics, patient.rulings
    FROM member
    INNER JOIN patient ON patient.id = member.patient
    INNER JOIN source ON source.id = patient.source
    WHERE member.patient IN (
        SELECT blocking_key.patient FROM blocking_key WHERE blocking_key.key = ANY(wanted)
    )
    ORDER BY patient.id;
END $$;
