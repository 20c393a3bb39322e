"""An opening: one look through the door. And the seals that make the log provable.

Source: RFC 9162 section 2.1 (Merkle trees): leaf hash SHA-256(0x00 || leaf), node
SHA-256(0x01 || left || right).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from wholerecord.record import PatientId, PersonId

#: Smaller than every `n` a database can hold: a hand in it may have given one below 1.
BEFORE_ALL = -(1 << 63)
#: Larger than every `n` that is ever given.
AFTER_ALL = (1 << 63) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Who looked at whose record, for what, whether they were allowed, and by which rule.

    `view`, `purpose` and `role` are the values of `consent`'s enumerations. `seen` is each
    patient's `t` at the time: folding those again gives exactly what was there. `given` is the
    reason the person looking typed (break-glass), "" otherwise. `rule` is 0 when no rule spoke.
    `part` says which part of a view (an entry's key, a query's number), "" for the whole.

    `nth` says which opening of this person's record it is, from 1: where one is left out of a list,
    a number is missing. It is 0 for what is about no single person, and for what was written down
    before openings were counted.
    """

    n: int
    at: datetime
    actor: str
    name: str
    role: str
    organisation: str
    purpose: str
    view: str
    part: str
    person: PersonId | None
    allowed: bool
    rule: int
    reason: str
    given: str
    seen: Mapping[PatientId, int]
    nth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A signed checkpoint: the log's first `size` openings have this Merkle `root`."""

    size: int
    root: bytes
    at: datetime
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What checking the log found: `broken` says what, in words, or is "" when all is well."""

    openings: int
    seals: int
    unsealed: int
    broken: str


class Leaf(NamedTuple):
    """What of an opening the seals are made of: its number, whose and which it is, its bytes."""

    n: int
    person: PersonId | None
    nth: int
    said: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """256 openings that follow each other, the `place`-th such from 0: where they begin and end.

    `root` is their tree's. It says nothing that the log does not say, and is trusted only where a
    signed seal comes of it.
    """

    place: int
    first: int
    last: int
    root: bytes


class Log(Protocol):
    """The append-only log. It is appended to by openings only (see `access.Openings`)."""

    async def openings_of(
        self, person: PersonId, *, limit: int = 1000, before: int | None = None
    ) -> Sequence[Opening]:
        """Who looked at a person's record, newest first; with `before`, those with a smaller `n`.

        What it costs is of how many are asked for, and not of how many there are.
        """
        ...

    async def openings(self, *, after: int = 0, limit: int = 1000) -> Sequence[Opening]:
        """Openings with a larger `n`, oldest first."""
        ...

    async def leaves(self, *, after: int = BEFORE_ALL, limit: int = 1000) -> Sequence[Leaf]:
        """Of openings with a larger `n` what is sealed, oldest first: `leaf` of each."""
        ...

    async def add_tiles(self, tiles: Sequence[Tile]) -> None:
        """Remember tiles; those of places that are remembered stay as they are."""
        ...

    async def forget_tiles(self) -> None:
        """Remember no tile: they are not those of what was sealed."""
        ...

    async def tiles(self) -> Sequence[Tile]:
        """The tiles that are remembered, from the first on, with none missing between them."""
        ...

    async def last_opening(
        self, person: PersonId, actor: str, view: str, *, before: int
    ) -> Opening | None:
        """The actor's last allowed opening of that view of that person with `n` < `before`."""
        ...

    async def add_seal(self, seal: Seal) -> None:
        """Keep a seal."""
        ...

    async def seals(self) -> Sequence[Seal]:
        """Every seal, smallest first."""
        ...


class Sealed(msgspec.Struct, frozen=True, gc=False):
    """An opening as it is sealed: its fields in the order of their names.

    `at` is in ISO 8601 as Python writes it; `nth` is left out where it is 0.
    """

    actor: str
    allowed: bool
    at: str
    given: str
    n: int
    name: str
    nth: int | msgspec.UnsetType
    organisation: str
    part: str
    person: str | None
    purpose: str
    reason: str
    role: str
    rule: int
    seen: dict[str, int]
    view: str


_WRITER = msgspec.json.Encoder(order="deterministic")


def sealed_bytes(said: Sealed) -> bytes:
    """The bytes that are sealed: every field, in one canonical JSON form (names in order)."""
    return _WRITER.encode(said)


def leaf(opening: Opening) -> bytes:
    """The bytes of an opening that are sealed: see `sealed_bytes`."""
    said = Sealed(
        opening.actor,
        opening.allowed,
        opening.at.isoformat(),
        opening.given,
        opening.n,
        opening.name,
        opening.nth or msgspec.UNSET,
        opening.organisation,
        opening.part,
        opening.person,
        opening.purpose,
        opening.reason,
        opening.role,
        opening.rule,
        {str(patient): t for patient, t in opening.seen.items()},
        opening.view,
    )
    return sealed_bytes(said)
