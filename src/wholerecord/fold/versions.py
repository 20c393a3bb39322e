"""Which version of each resource is current: by what its source said, never by what came last.

The current version of a patient's resource is the one with the greatest last-updated, then the
further status, then the later receipt, then the greater bytes. Order of arrival decides nothing
while a source says when it wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from msgspec.structs import replace

from wholerecord.fold.read import read
from wholerecord.fold.record import Unfolded
from wholerecord.fold.shape import IN_ERROR, Shape, date_of
from wholerecord.fold.told import Key, Told
from wholerecord.record import Statement

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
#: A later state of a resource, where two versions say the same moment.
_RANK = {
    IN_ERROR: 9,
    "nullified": 9,
    "corrected": 5,
    "amended": 5,
    "appended": 5,
    "final": 4,
    "completed": 4,
    "stopped": 4,
    "resolved": 4,
    "finished": 4,
    "preliminary": 2,
    "registered": 1,
    "draft": 1,
}
_GONE = frozenset({IN_ERROR, "nullified"})
#: Why a statement is part of nothing whose message was read again with a mended map or reader.
REREAD = "Replaced: its message was read again."
_WHY_OLDER = "Replaced by a later version."
_WHY_AGAIN = "Said again without change."
#: Why a statement that its source took back is part of nothing.
RETRACTED = "Retracted by its source."


@dataclass(slots=True)
class Versions:
    """Every statement in one place: current, earlier, retracted or parked."""

    current: dict[Key, Told[Shape]]
    earlier: dict[Key, list[Told[Shape]]]
    superseded: list[Unfolded]
    parked: list[Unfolded]


def versions(statements: Sequence[Statement]) -> Versions:
    """The current version of each resource, the earlier ones, and what cannot be read."""
    current: dict[Key, Told[Shape]] = {}
    rest: dict[Key, list[Told[Shape]]] = {}
    gone: set[Key] = set()
    parked: list[Unfolded] = []
    superseded: list[Unfolded] = []
    for statement in statements:
        told = read(statement)
        if statement.replaced:
            unread = isinstance(told, Unfolded)
            superseded.append(replace(told, why=REREAD) if unread else _unfolded(told, REREAD))
            continue
        if isinstance(told, Unfolded):
            parked.append(told)
            continue
        key = told.key
        if told.said.status in _GONE:
            gone.add(key)
        if current.setdefault(key, told) is not told:
            rest.setdefault(key, []).append(told)
    done = Versions(current, {}, superseded, parked)
    if rest:
        bodies = {(one.patient, one.t, one.n): one.body for one in statements}
        for key, others in rest.items():
            each = [current[key], *others]
            _settle(done, key, [(t, bodies[t.said.patient, t.said.t, t.said.n]) for t in each])
    for key in gone:
        if current[key].said.status in _GONE:
            done.superseded.append(_unfolded(current.pop(key), RETRACTED))
    return done


def _settle(done: Versions, key: Key, each: list[tuple[Told[Shape], bytes]]) -> None:
    ordered = sorted(each, key=_newness)
    newest, body = ordered.pop()
    done.current[key] = newest
    done.earlier[key] = [told for told, _ in ordered]
    done.superseded += [
        _unfolded(told, _WHY_AGAIN if other == body else _WHY_OLDER) for told, other in ordered
    ]


def _unfolded(told: Told[Shape], why: str) -> Unfolded:
    return Unfolded(said=told.said, why=why, labels=told.labels)


def _newness(one: tuple[Told[Shape], bytes]) -> tuple[datetime, int, datetime, bytes, int, int]:
    told, body = one
    updated = date_of(told.body.meta.last_updated)
    return (
        updated.start if updated else _NEVER,
        _RANK.get(told.said.status, 3),
        told.said.received,
        body,
        told.said.t,
        told.said.n,
    )
