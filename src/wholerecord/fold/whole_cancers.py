"""A cancer as a whole: the tumour, what came back, where it spread, how it was staged and graded.

Pure, over the folded record: every statement stays in its own entry, and what is withheld from the
reader is in none. Nothing is guessed: what can be of two tumours is listed with neither.
LOINC 21908-9, 21902-2, 21914-7: stage groups; 21905-5, 21906-3, 21907-1, 21899-0, 21900-6, 21901-4:
T, N and M; 31206-6, 59847-4: histology; 33732-9: grade. SNOMED CT 399537006, 399588009: TNM stage
groups, and the nine categories below, as HL7 mCODE STU4 uses them; there a stage names the cancer
(`Observation.focus`) and its categories (`hasMember`). Demonstration rules until a clinical safety
officer signs them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wholerecord.fold.cancer import Cancer, Role
from wholerecord.fold.cancer_said import can_be_one
from wholerecord.fold.record import NOT_SO, Condition, Entry, Kind, Measure, Record
from wholerecord.fold.staged import Address, of_tumours

#: What a measurement tells of a tumour, by its code.
TELLS = {
    "21908-9": "Stage, clinical",
    "21902-2": "Stage, pathological",
    "21914-7": "Stage",
    "399537006": "Stage, clinical",
    "399588009": "Stage, pathological",
    "21905-5": "T, clinical",
    "21906-3": "N, clinical",
    "21907-1": "M, clinical",
    "21899-0": "T, pathological",
    "21900-6": "N, pathological",
    "21901-4": "M, pathological",
    "78873005": "T",
    "277206009": "N",
    "277208005": "M",
    "399504009": "T, clinical",
    "399534004": "N, clinical",
    "399387003": "M, clinical",
    "384625004": "T, pathological",
    "371494008": "N, pathological",
    "371497001": "M, pathological",
    "31206-6": "Histology",
    "59847-4": "Histology",
    "33732-9": "Grade",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A measurement of a tumour: what it tells, and the entry that has its value."""

    tells: str
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeCancer:
    """One tumour and what is of it alone; each newest first. `first` says when it was found."""

    first: Entry
    recurrences: tuple[Entry, ...] = ()
    secondaries: tuple[Entry, ...] = ()
    measured: tuple[Measured, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeCancers:
    """Every tumour the record tells of, and what is of a tumour that nobody names."""

    tumours: tuple[WholeCancer, ...]
    loose: tuple[Entry, ...]
    loose_measured: tuple[Measured, ...]


def cancer_of(entry: Entry) -> Cancer | None:
    """What the entry says of a cancer; None when it is about none."""
    return entry.detail.cancer if isinstance(entry.detail, Condition) else None


def whole_cancers(record: Record) -> WholeCancers:
    """The record's confirmed cancers, newest first, each with what can be of it alone."""
    found = [*_confirmed(record.of(Kind.CONDITION))]
    firsts = [one for one, role in found if role in {Role.PRIMARY, Role.HISTORY}]
    rest = [one for one, role in found if role in {Role.RECURRENCE, Role.SECONDARY}]
    if not found:
        return WholeCancers(tumours=(), loose=(), loose_measured=())
    home = {id(one): _of_which(one, firsts) for one in rest}
    measured = [*_measured(record.entries)]
    whose = of_tumours([one.entry for one in measured], firsts, _named_by(found, home))

    def of(first: Entry, role: Role) -> tuple[Entry, ...]:
        return tuple(one for one in rest if home[id(one)] is first and _role(one) is role)

    return WholeCancers(
        tumours=tuple(
            WholeCancer(
                first=first,
                recurrences=of(first, Role.RECURRENCE),
                secondaries=of(first, Role.SECONDARY),
                measured=tuple(one for one in measured if whose[id(one.entry)] is first),
            )
            for first in firsts
        ),
        loose=tuple(one for one in rest if home[id(one)] is None),
        loose_measured=tuple(one for one in measured if whose[id(one.entry)] is None),
    )


def _confirmed(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Role]]:
    for entry in entries:
        cancer, detail = cancer_of(entry), entry.detail
        if cancer is None or not isinstance(detail, Condition):
            continue
        if detail.certainty == "confirmed" and entry.status not in NOT_SO and not entry.unverified:
            yield entry, cancer.role


def _role(entry: Entry) -> Role | None:
    cancer = cancer_of(entry)
    return cancer.role if cancer else None


def _of_which(one: Entry, firsts: Sequence[Entry]) -> Entry | None:
    """The only tumour that a recurrence or a spread can be of: by site and side, or by number."""
    mine = cancer_of(one)
    fits = [
        first
        for first in firsts
        if mine is not None and (mine.role is Role.SECONDARY or _same_place(one, mine, first))
    ]
    return fits[0] if len(fits) == 1 else None


def _same_place(one: Entry, mine: Cancer, first: Entry) -> bool:
    other = cancer_of(first)
    sides = {
        entry.detail.side
        for entry in (one, first)
        if isinstance(entry.detail, Condition) and entry.detail.side
    }
    return other is not None and can_be_one(mine.site, other.site) and len(sides) < 2


def _named_by(
    found: Sequence[tuple[Entry, Role]], home: Mapping[int, Entry | None]
) -> Mapping[Address, Entry]:
    """The tumour of each statement about a cancer: of what came back or spread, its only one."""
    return {
        said.id_key: first
        for entry, _ in found
        if (first := home.get(id(entry), entry)) is not None
        for said in entry.said_by
    }


def _measured(entries: Iterable[Entry]) -> Iterator[Measured]:
    for entry in entries:
        detail = entry.detail
        if not isinstance(detail, Measure) or entry.status in NOT_SO or entry.unverified:
            continue
        # Its own code first: a panel without a value of its own stands with its first member.
        own = (entry.code,) if entry.code else ()
        every = (*own, *(coding for said in entry.said_by for coding in said.codes))
        codes = (coding.code for coding in every)
        tells = next((TELLS[code] for code in codes if code in TELLS), "")
        if tells and detail.value:
            yield Measured(tells=tells, entry=entry)
