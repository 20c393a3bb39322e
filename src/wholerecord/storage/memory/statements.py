"""Statements and messages, as said."""

from collections.abc import Mapping, Sequence

from wholerecord.errors import NotFound
from wholerecord.record import MessageId, PatientId, Statement
from wholerecord.storage.memory.tables import Tables


class Statements:
    """See `record.Statements`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def statements(self, seen: Mapping[PatientId, int]) -> Sequence[Statement]:
        """See `record.Statements.statements`."""
        return [
            statement
            for patient, t in sorted(seen.items())
            if patient in self._tables.patients
            for statement in self._tables.patients[patient].statements
            if statement.t <= t
        ]

    async def message(self, id: MessageId) -> bytes:
        """See `record.Statements.message`."""
        if not 1 <= id <= len(self._tables.messages):
            raise NotFound(f"There is no message {id}.")
        return self._tables.messages[id - 1].body
