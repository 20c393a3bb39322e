"""All the ports over one database."""

from wholerecord.storage.postgres.acts import Acts
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.filing import Filings
from wholerecord.storage.postgres.linking import Linker
from wholerecord.storage.postgres.log import Log, QueryRegister
from wholerecord.storage.postgres.marks import Marks
from wholerecord.storage.postgres.rules import Rules
from wholerecord.storage.postgres.statements import Statements


class Store(
    Acts,
    Statements,
    Filings,
    Linker,
    Rules,
    Log,
    QueryRegister,
    Marks,
):
    """Everything kept in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        Statements.__init__(self, database)
        Filings.__init__(self, database)
        Rules.__init__(self, database)
        Acts.__init__(self, database, self)
        self._database = database
