"""All the ports over one database."""

from wholerecord.storage.postgres.acts import Acts
from wholerecord.storage.postgres.apps import Registry
from wholerecord.storage.postgres.budget import BudgetBook
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.definitions import Definitions
from wholerecord.storage.postgres.departures import Departures
from wholerecord.storage.postgres.desk import DeskWork
from wholerecord.storage.postgres.erasing import Eraser
from wholerecord.storage.postgres.filing import Filings
from wholerecord.storage.postgres.linking import Linker
from wholerecord.storage.postgres.log import Log, QueryRegister
from wholerecord.storage.postgres.look_ups import LookUps
from wholerecord.storage.postgres.marks import Marks
from wholerecord.storage.postgres.prompts import Prompts
from wholerecord.storage.postgres.replays import Replays
from wholerecord.storage.postgres.rotating import rotate
from wholerecord.storage.postgres.rules import Rules
from wholerecord.storage.postgres.spent import SpentList
from wholerecord.storage.postgres.subscriptions import Subscriptions
from wholerecord.storage.postgres.tellings import Tellings
from wholerecord.storage.postgres.traces import Traces
from wholerecord.storage.postgres.writing import Writings
from wholerecord.storage.postgres.wrong_facts import WrongFacts


class Store(
    Writings,
    Acts,
    Replays,
    Filings,
    DeskWork,
    Traces,
    Linker,
    Rules,
    Log,
    QueryRegister,
    BudgetBook,
    Prompts,
    Marks,
    Tellings,
    WrongFacts,
    Subscriptions,
    SpentList,
    Registry,
    Eraser,
    Definitions,
    LookUps,
    Departures,
):
    """Everything kept in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        Replays.__init__(self, database)
        Filings.__init__(self, database)
        Rules.__init__(self, database)
        SpentList.__init__(self, database)
        Registry.__init__(self, database)
        Acts.__init__(self, database, self)
        Writings.__init__(self, database, self)
        self._database = database

    async def rotate_keys(self) -> tuple[int, tuple[str, ...]]:
        """See `rotating.rotate`."""
        return await rotate(self._database)
