-- A board that was asked before is answered as it was the first time.
CREATE INDEX query_asked ON query (sha256(asked), n);
