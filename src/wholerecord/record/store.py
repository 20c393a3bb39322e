"""What the rest of the package needs from a store of statements."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from wholerecord.record.statement import MessageId, PatientId, Statement


class Statements(Protocol):
    """Append-only statements, readable as each patient stood at any `t`."""

    async def statements(self, seen: Mapping[PatientId, int]) -> Sequence[Statement]:
        """Every statement of each patient up to and including their `t`, by patient, `t`, `n`.

        A patient nobody knows has none. What comes back for the same `seen` never changes.
        """
        ...

    async def since(
        self, before: Mapping[PatientId, int], seen: Mapping[PatientId, int]
    ) -> Sequence[Statement] | None:
        """What `statements(seen)` gives beyond `statements(before)`, of the same patients.

        None where a patient's messages were read again: what was said before may count no more.
        """
        ...

    async def message(self, id: MessageId) -> bytes:
        """The message as its source sent it, byte for byte.

        Raises:
            NotFound: no such message.
        """
        ...


class Marks(Protocol):
    """What the program remembers of a store itself: whether it is a demonstration."""

    async def mark(self, name: str) -> str:
        """What is remembered under `name`, "" when nothing is."""
        ...

    async def set_mark(self, name: str, value: str) -> None:
        """Remember `value` under `name` from now on."""
        ...
