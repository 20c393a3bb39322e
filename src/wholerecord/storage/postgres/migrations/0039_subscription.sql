-- Who asked to be told of what is said. `wish` is JSON: what they asked for. `due` is when the next
-- notification is, `tries` how often it was sent. Ended by `state` off, removed by whoever made it.
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
    wish bytea NOT NULL
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
