"""Everything kept in PostgreSQL. All SQL is in `schema.sql`, `migrations/` and `queries.sql`."""

from wholerecord.storage.postgres.connecting import connected
from wholerecord.storage.postgres.lost import Full, Lost
from wholerecord.storage.postgres.migrate import Newer
from wholerecord.storage.postgres.store import Store

__all__ = ["Full", "Lost", "Newer", "Store", "connected"]
