"""All the ports over one database."""

from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.filing import Filings
from wholerecord.storage.postgres.inbox import Messages
from wholerecord.storage.postgres.linking import Linker
from wholerecord.storage.postgres.log import Log, QueryRegister
from wholerecord.storage.postgres.marks import Marks
from wholerecord.storage.postgres.openings import Openings
from wholerecord.storage.postgres.register import People
from wholerecord.storage.postgres.rules import Rules
from wholerecord.storage.postgres.rulings import Rulings
from wholerecord.storage.postgres.statements import Statements


class Store(
    Statements,
    Messages,
    Filings,
    Linker,
    People,
    Rulings,
    Rules,
    Openings,
    Log,
    QueryRegister,
    Marks,
):
    """Everything kept in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        Statements.__init__(self, database)
        Messages.__init__(self, database)
        Filings.__init__(self, database)
        Rules.__init__(self, database)
        Openings.__init__(self, database, self)
        self._database = database
