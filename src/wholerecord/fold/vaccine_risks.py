"""Which clinical risk groups a record shows, and by which of its entries.

Of this record alone: what nobody said makes nobody of a group, and whoever is in none may be at
risk all the same. A demonstration until a clinical safety officer signs; the groups are rows of
`schedule.json`, each with what it leans on.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from wholerecord.fold.current import lapsed
from wholerecord.fold.kinds import by_kind
from wholerecord.fold.meant import most_specific
from wholerecord.fold.record import NOT_SO, Condition, Entry, Kind, Measure, Record
from wholerecord.fold.schedule import Risk, Schedule
from wholerecord.terms import CONCEPTS, is_a

_OVER = frozenset({"resolved", "remission"})


def risks_shown(record: Record, schedule: Schedule, today: date) -> Mapping[str, tuple[Entry, ...]]:
    """The entries that show each risk group, by its id; what no entry shows is not there."""
    kinds = by_kind(record)
    conditions = [*_confirmed(kinds[Kind.CONDITION])]
    medicines = [
        (entry, _meant(entry, "medicine"))
        for entry in kinds[Kind.MEDICINE]
        if entry.status == "active" and not entry.unverified and not lapsed(entry, today)
    ]
    found: dict[str, tuple[Entry, ...]] = {}
    for risk in schedule.risks:
        shown = [
            entry
            for entry, meant in conditions
            if _any(meant, risk.conditions) and (risk.past or entry.status not in _OVER)
        ]
        if risk.with_medicines:
            beside = [entry for entry, meant in medicines if _any(meant, risk.with_medicines)]
            shown = [*shown, *beside] if shown and beside else []
        shown += [entry for entry, meant in medicines if _any(meant, risk.medicines)]
        shown += _measured(risk, kinds)
        if shown:
            found[risk.id] = tuple(shown)
    return found


def _confirmed(entries: Sequence[Entry]) -> Iterator[tuple[Entry, frozenset[str]]]:
    for entry in entries:
        detail = entry.detail
        sure = isinstance(detail, Condition) and detail.certainty == "confirmed"
        if sure and entry.status not in NOT_SO and not entry.unverified:
            yield entry, _meant(entry, "condition")


def _meant(entry: Entry, family: str) -> frozenset[str]:
    """What anybody who speaks of it calls it, by the ids of concepts."""
    found = (most_specific(said.codes, said.words, family)[0] for said in entry.said_by)
    return frozenset(concept.id for concept in found if concept and concept.id in CONCEPTS)


def _any(meant: frozenset[str], named: Sequence[str]) -> bool:
    return any(is_a(CONCEPTS[one], CONCEPTS[name]) for one in meant for name in named)


def _measured(risk: Risk, kinds: Mapping[Kind, Sequence[Entry]]) -> list[Entry]:
    """The newest value of a test, where it is so high."""
    if not risk.measured:
        return []
    title = CONCEPTS[risk.measured].title  # thousands are looked at: what one is called is enough
    for entry in (*kinds[Kind.OBSERVATION], *kinds[Kind.RESULT]):  # newest first
        detail = entry.detail
        if not entry.title.startswith(title) or entry.status in NOT_SO or entry.unverified:
            continue
        if isinstance(detail, Measure) and detail.number is not None:
            return [entry] if float(detail.number) >= risk.at_least else []
    return []
