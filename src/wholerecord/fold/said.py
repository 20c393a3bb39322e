"""Who said what: a code in a system, and one statement's part in an entry.

`msgspec.Struct` rather than dataclass: a person can have ten thousand of these, and they are made
ten times as fast. `gc=False`: a tree of frozen values has no cycles for a collector to find.
"""

from datetime import datetime

import msgspec

from wholerecord.nhs import PartialDate
from wholerecord.record import MessageId, PatientId


class Coding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A code in a system, with the words its source sent along. "" is not said."""

    system: str = ""
    code: str = ""
    display: str = ""


class Said(msgspec.Struct, frozen=True, gc=False):
    """One statement's part in an entry: who said it, in which words, when, and where it is kept.

    (`patient`, `t`, `n`) is the statement's address. `kind` is its FHIR type and `id` the source's
    own id. `recorded` is when the source said it, `when` is when it says it happened. `words` are
    the source's own words; `status` its own FHIR status. `by` is who asserted it, where named.
    `software`: it was made by software, and says so.
    """

    patient: PatientId
    t: int
    n: int
    source: str
    kind: str
    id: str
    message: MessageId
    place: str
    received: datetime
    recorded: PartialDate | None
    when: PartialDate | None
    words: str
    codes: tuple[Coding, ...]
    status: str
    by: str = ""
    software: bool = False

    @property
    def id_key(self) -> tuple[PatientId, str, str]:
        """What a ruling or a reference calls the statement: all versions share it."""
        return (self.patient, self.kind, self.id)
