-- By which way a subscriber is told. Who is told by websocket is told where they are connected, and
-- no delivery of theirs is ever due.
ALTER TABLE subscription ADD COLUMN channel text NOT NULL DEFAULT 'rest-hook';
