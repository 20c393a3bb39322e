"""What the rest of the package needs from a store that can forget what was said of a patient."""

from dataclasses import dataclass
from typing import Protocol

from wholerecord.errors import NotFound
from wholerecord.record.statement import PatientId


class Erased(NotFound):
    """What this message said was erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How much became nobody's to read: `statements` of the patient, and original `messages`.

    `left` original messages stay, because they speak of somebody else too. `prompts` are those to a
    language model about whoever the patient ever was, whose words are gone.
    """

    statements: int
    messages: int
    left: int
    prompts: int = 0


class Erasing(Protocol):
    """Erasure. Numbers stay: what was said is counted as before, and shown as erased."""

    async def erase(self, patient: PatientId, *, by: str, why: str) -> Forgotten:
        """Make what was said of `patient` unreadable for ever; their `t` moves on by one.

        Raises:
            NotFound: there is no such patient.
            Conflict: some of it was kept before bodies were encrypted, and has no key to destroy.
        """
        ...
