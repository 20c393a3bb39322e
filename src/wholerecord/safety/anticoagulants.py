"""Two anticoagulants at once, from different settings.

Hazard HAZ-01. Source: NPSA, Actions that can make anticoagulant therapy safer (Alert 18, 2007);
MHRA Drug Safety Update on direct-acting oral anticoagulants (2020). Demonstration.
"""

from collections.abc import Iterator
from itertools import combinations

from wholerecord.fold import Entry, Kind, Medicine, Record, by_kind
from wholerecord.safety.alert import Alert
from wholerecord.safety.substance import medicine_of
from wholerecord.terms import CONCEPTS, Concept, is_a

_SOURCE = (
    "NPSA Patient Safety Alert 18 (2007); MHRA Drug Safety Update on direct-acting oral "
    "anticoagulants (2020)"
)


def two_anticoagulants(record: Record) -> Iterator[Alert]:
    """One alert for each pair of active anticoagulants that not all the same settings know of."""
    active = [
        (entry, found)
        for entry in by_kind(record)[Kind.MEDICINE]
        if entry.status == "active" and (found := _anticoagulant(entry)) is not None
    ]
    for (one, first), (other, second) in combinations(active, 2):
        if first.id != second.id and _settings(one) != _settings(other):
            yield Alert(
                hazard="HAZ-01",
                title="Two anticoagulants",
                says=(
                    f"{first.title} ({', '.join(_settings(one))}) and {second.title} "
                    f"({', '.join(_settings(other))}) are both current."
                ),
                source=_SOURCE,
                entries=tuple(sorted((one.key, other.key))),
            )


def _anticoagulant(entry: Entry) -> Concept | None:
    found = medicine_of(entry)
    return found if found is not None and is_a(found, CONCEPTS["anticoagulants"]) else None


def _settings(entry: Entry) -> tuple[str, ...]:
    setting = entry.detail.setting if isinstance(entry.detail, Medicine) else ()
    return setting or entry.sources
