"""The plain reference store: everything in lists, nothing clever, gone when the program ends."""

from wholerecord.storage.memory.apps import Registry
from wholerecord.storage.memory.budget import BudgetBook
from wholerecord.storage.memory.definitions import Definitions
from wholerecord.storage.memory.departures import Departures
from wholerecord.storage.memory.desk import DeskWork, Traces
from wholerecord.storage.memory.erasing import Eraser
from wholerecord.storage.memory.look_ups import LookUps
from wholerecord.storage.memory.marks import Marks
from wholerecord.storage.memory.openings import QueryRegister
from wholerecord.storage.memory.prompts import Prompts
from wholerecord.storage.memory.replays import Replays
from wholerecord.storage.memory.rulings import Rules
from wholerecord.storage.memory.spent import SpentList
from wholerecord.storage.memory.subscriptions import Subscriptions
from wholerecord.storage.memory.tables import Tables
from wholerecord.storage.memory.tellings import Tellings
from wholerecord.storage.memory.writing import Writings
from wholerecord.storage.memory.wrong_facts import WrongFacts


class Store(
    Writings,
    Replays,
    DeskWork,
    Traces,
    Rules,
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
    """All the ports over one set of tables."""

    def __init__(self) -> None:
        super().__init__(Tables())
        SpentList.__init__(self)
        Registry.__init__(self)
        Definitions.__init__(self)
        LookUps.__init__(self)
        Departures.__init__(self)


__all__ = ["Store"]
