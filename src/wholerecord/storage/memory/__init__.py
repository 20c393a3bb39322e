"""The plain reference store: everything in lists, nothing clever, gone when the program ends."""

from wholerecord.storage.memory.inbox import Inbox
from wholerecord.storage.memory.marks import Marks
from wholerecord.storage.memory.openings import Openings, QueryRegister
from wholerecord.storage.memory.register import Register
from wholerecord.storage.memory.rulings import Rules, Rulings
from wholerecord.storage.memory.statements import Statements
from wholerecord.storage.memory.tables import Tables


class Store(Statements, Inbox, Register, Rulings, Rules, Openings, QueryRegister, Marks):
    """All the ports over one set of tables."""

    def __init__(self) -> None:
        super().__init__(Tables())


__all__ = ["Store"]
