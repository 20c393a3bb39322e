"""A statement as the fold works with it, and groups of those that speak of one thing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, cast

import msgspec

from wholerecord.fold.measurand import Measurand
from wholerecord.fold.measure_said import read_observation
from wholerecord.fold.policy import POLICY, Policy
from wholerecord.fold.record import Coding, Entry, Kind, Measure, Said
from wholerecord.fold.ruling import Ruling
from wholerecord.fold.shape import Shape
from wholerecord.nhs import PartialDate
from wholerecord.record import PatientId

#: What a ruling or a reference calls a statement: its patient, FHIR type and the source's own id.
Key = tuple[PatientId, str, str]

S = TypeVar("S", bound=Shape)
S_co = TypeVar("S_co", bound=Shape, covariant=True)

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


class Told(msgspec.Struct, Generic[S_co], gc=False, eq=False):
    """A current statement: what is said of it in an entry, and its body as read.

    `key` is the statement's `id_key`, `tags` are its body's and `labels` its sensitivities;
    `measurand` is what an observation measures, `measure` what it measured where it says that alone
    (see `measured_alone`), `at_home` whether there. Each is worked out once, when it is read. Where
    a `measure` is said, `kept` is the body's bytes. `again`: earlier versions of it are known.
    """

    said: Said
    kept: S_co | bytes
    key: Key
    tags: tuple[Coding, ...]
    labels: frozenset[str]
    measurand: Measurand | None = None
    measure: Measure | None = None
    at_home: bool = False
    again: bool = False

    @property
    def body(self) -> S_co:
        """The body as read: where only its bytes are kept, read again the first time it is asked.

        A body as read is several times what is worked out of it, and few are asked for again.
        """
        kept = self.kept
        if isinstance(kept, bytes):
            kept = self.kept = cast("S_co", read_observation(kept))
        return kept

    @property
    def at(self) -> PartialDate | None:
        """When it happened, else when it was written down."""
        return self.said.when or self.said.recorded


def in_order(told: list[Told[S]]) -> list[Told[S]]:
    """Oldest first by when it happened; of one time, by address: never by arrival."""
    return told if len(told) < 2 else sorted(told, key=_order)


def newest_first(told: list[Told[S]]) -> list[Told[S]]:
    """By when it was written down, then by when it happened, then by address."""
    return told if len(told) < 2 else sorted(told, key=newness, reverse=True)


def _order(told: Told[Shape]) -> tuple[datetime, int, str, str]:
    said = told.said
    at = said.when or said.recorded
    return (at.start if at else _NEVER, said.patient, said.kind, said.id)


def newness(told: Told[Shape]) -> tuple[datetime, datetime, int, str, str]:
    """Sorts by when it was written down, then by when it happened, then by address."""
    said = told.said
    written = said.recorded or said.when
    at = said.when or written
    return (
        written.start if written else _NEVER,
        at.start if at else _NEVER,
        said.patient,
        said.kind,
        said.id,
    )


class Group(msgspec.Struct, Generic[S], gc=False, eq=False):
    """Statements that speak of one thing, with the reason in words. `rulings` shaped it.

    `wrong` is why it does not count, as a ruling says, and `status` what it is then; `corrected` is
    what of it a ruling corrected, and `side` the side that it is on.
    `sense` is what was found of them together that they do not say themselves, mostly nothing.
    """

    told: list[Told[S]]
    why: str
    rulings: Sequence[int] = ()
    wrong: str = ""
    disputed: str = ""
    sources: set[str] | None = None
    sense: str = ""
    status: str = "refuted"
    corrected: str = ""
    side: str = ""

    def add(self, one: Told[S], why: str) -> None:
        """`one` speaks of it too, for this reason."""
        self.told.append(one)
        self.why = why
        if self.sources is not None:
            self.sources.add(one.said.source)

    def is_new_to(self, one: Told[S]) -> bool:
        """Whether no statement here is from the source of `one`."""
        if self.sources is None:
            self.sources = {member.said.source for member in self.told}
        return one.said.source not in self.sources


def address(told: Told[Shape], reference: str) -> Key:
    """What `reference`, relative or absolute, calls a statement of the same patient."""
    before, _, given = reference.rpartition("/")
    return (told.said.patient, before.rpartition("/")[2], given)


@dataclass(frozen=True, slots=True)
class Around:
    """The person's other statements, for references; earlier versions of each; names of panels.

    `policy` is what they are folded by, and `sides` are the rulings on which side it was.
    `prepared` is what a kind has worked out about a statement, so that it is worked out once.
    """

    current: Mapping[Key, Told[Shape]]
    earlier: Mapping[Key, Sequence[Told[Shape]]]
    panels: Mapping[Key, str]
    policy: Policy = POLICY
    prepared: dict[Key, Any] = field(default_factory=dict[Key, Any])
    sides: Mapping[Key, Ruling] = field(default_factory=dict[Key, Ruling])

    def side(self, told: Told[Shape], said: str) -> str:
        """The side that a ruling says it was on; where none does, the one that was `said`."""
        ruling = self.sides.get(told.key) if self.sides else None
        return ruling.side if ruling else said

    def find(self, told: Told[Shape], reference: str) -> Told[Shape] | None:
        """The statement `told` refers to: of the same patient, by relative address."""
        return self.current.get(address(told, reference))


@dataclass(frozen=True, slots=True, eq=False)
class Way(Generic[S]):
    """How one kind is folded.

    `gather` groups statements: every one given is in exactly one group, whatever their order.
    `make` makes an entry of a group.
    """

    kind: Kind
    gather: Callable[[list[Told[S]], Around], list[Group[S]]]
    make: Callable[[Group[S], Around], Entry]


AnyWay = Way[Any]  #: the table of ways holds all kinds
