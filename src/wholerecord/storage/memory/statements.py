"""Statements and messages, as said."""

from collections.abc import Mapping, Sequence

from wholerecord.errors import NotFound
from wholerecord.record import MessageId, PatientId, Statement
from wholerecord.record.erasing import Erased
from wholerecord.storage.memory.tables import Tables
from wholerecord.storage.rereading import marked


class Statements:
    """See `record.Statements`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def statements(self, seen: Mapping[PatientId, int]) -> Sequence[Statement]:
        """See `record.Statements.statements`."""
        known = self._tables.patients
        return [
            statement
            for patient, t in sorted(seen.items())
            if patient in known
            for statement in marked(
                [one for one in known[patient].statements if one.t <= t],
                [one for one in self._tables.rereads if one.patient == patient],
                t,
            )
        ]

    async def since(
        self, before: Mapping[PatientId, int], seen: Mapping[PatientId, int]
    ) -> Sequence[Statement] | None:
        """See `record.Statements.since`."""
        if any(one.patient in seen for one in self._tables.rereads):
            return None
        known = self._tables.patients
        return [
            one
            for patient, t in sorted(seen.items())
            if patient in known
            for one in known[patient].statements
            if before[patient] < one.t <= t
        ]

    async def message(self, id: MessageId) -> bytes:
        """See `record.Statements.message`."""
        if not 1 <= id <= len(self._tables.messages):
            raise NotFound(f"There is no message {id}.")
        if id in self._tables.erased:
            raise Erased
        return self._tables.messages[id - 1].body
