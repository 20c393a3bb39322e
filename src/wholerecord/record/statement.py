"""The values a record is made of."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

import msgspec

from wholerecord.remembered import Remembered

PatientId = NewType("PatientId", int)  #: 64 bits, from the source and its number; see `PatientKey`
PersonId = NewType("PersonId", str)  #: 32 hexadecimal digits, drawn at random
MessageId = NewType("MessageId", int)


@dataclass(frozen=True, slots=True)
class PatientKey:
    """A patient as one source knows them: the source's name and its own number for them.

    The empty number is the source's directory: what it says about no patient (its wards, staff).
    """

    source: str
    number: str

    @property
    def id(self) -> PatientId:
        """A signed 64-bit hash of the key. Stable; stores check that no two keys share one."""
        return _IDS[f"{self.source}\0{self.number}"]


def _hashed(key: str) -> PatientId:
    digest = hashlib.sha256(key.encode()).digest()
    return PatientId(int.from_bytes(digest[:8], "big", signed=True))


_IDS = Remembered(_hashed)


class Saying(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing a message says, not yet filed. A struct for the same reason as `Statement`.

    `kind` is a FHIR R4 resource type. `body` is the resource as canonical JSON: `id` is the
    source's own id for it (a later saying of the same kind and id is a later version), and
    `meta.lastUpdated` is when the source said this version, where that is known. `place` is where
    in the message it stands, as a reader of the message would say it: `entry[3]`, `OBX[2]`,
    `line 17`.
    """

    kind: str
    body: bytes
    place: str


class Statement(msgspec.Struct, frozen=True, gc=False):
    """A saying as filed: the `n`-th of the filing that moved its patient to `t`.

    (`patient`, `t`, `n`) is its address for ever. A struct and not a dataclass because a record can
    have ten thousand of them, and a struct is made twelve times as fast; `gc=False`, for it holds
    nothing that could hold it.

    `replaced` is so when its message was read again since, up to the `t` that was asked for, and
    another reading of it counts: it is kept, and is part of nothing.
    """

    patient: PatientId
    source: str
    t: int
    n: int
    kind: str
    message: MessageId
    place: str
    received: datetime
    body: bytes
    replaced: bool = False
