"""Which version of each resource is current: by what its source said, never by what came last.

The current version of a patient's resource is the one with the greatest last-updated, then the
further status, then the later receipt, then the greater bytes. Order of arrival decides nothing
while a source says when it wrote.
"""

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from msgspec.structs import replace

from wholerecord.fold.read import read
from wholerecord.fold.record import Unfolded
from wholerecord.fold.shape import IN_ERROR, Shape, date_of
from wholerecord.fold.told import Key, Told
from wholerecord.record import PatientId, Statement

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

#: One version of a statement: patient, `t` and `n`.
Address = tuple[PatientId, int, int]


@dataclass(slots=True)
class Versions:
    """Every statement in one place: current, earlier, retracted or parked.

    `retracted` is the newest version of each resource that its source took back. `seen` is each
    patient's greatest `t`.
    """

    current: dict[Key, Told[Shape]]
    earlier: dict[Key, list[Told[Shape]]]
    superseded: list[Unfolded]
    parked: list[Unfolded]
    retracted: dict[Key, Told[Shape]]
    seen: dict[PatientId, int]


def versions(statements: Sequence[Statement]) -> Versions:
    """The current version of each resource, the earlier ones, and what cannot be read."""
    current: dict[Key, Told[Shape]] = {}
    rest: dict[Key, list[Told[Shape]]] = {}
    gone: set[Key] = set()
    parked: list[Unfolded] = []
    superseded: list[Unfolded] = []
    seen: dict[PatientId, int] = {}
    for statement in statements:
        if statement.t > seen.get(statement.patient, -1):
            seen[statement.patient] = statement.t
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
    done = Versions(current, {}, superseded, parked, {}, seen)
    if rest:
        several = {key: [current[key], *others] for key, others in rest.items()}
        wanted = {_address(told) for each in several.values() for told in each}
        kinds = {kind for _, kind, _ in several}
        bodies = {
            at: one.body
            for one in statements
            if one.kind in kinds and (at := (one.patient, one.t, one.n)) in wanted
        }
        for key, each in several.items():
            each.sort(key=lambda one: _newness(one, bodies))
            _settle(done, key, each, bodies)
    for key in gone:
        _retract(done, key)
    return done


def add_versions(
    done: Versions, new: Sequence[Told[Shape]], bodies: Mapping[Address, bytes]
) -> Mapping[Key, Told[Shape] | None]:
    """What was current of each resource that `new` tells of, None where nothing was.

    Changes `done` to what `versions` gives of all the statements whose `bodies` these are, the new
    too; none of them is of a message that was read again.
    """
    more: dict[Key, list[Told[Shape]]] = {}
    for told in new:
        more.setdefault(told.key, []).append(told)
    before = {key: done.current.get(key) for key in more}
    known: dict[Key, list[Told[Shape]]] = {}
    for key in more:
        last = done.current.pop(key, None) or done.retracted.pop(key, None)
        known[key] = [*done.earlier.pop(key, ()), *([last] if last else ())]
    if any(known.values()):
        done.superseded = [one for one in done.superseded if one.said.id_key not in more]
    for key, ordered in known.items():
        for told in more[key]:  # those before are in order: hundreds, of a patient
            insort(ordered, told, key=lambda one: _newness(one, bodies))
        _settle(done, key, ordered, bodies)
        _retract(done, key)
    return before


def _retract(done: Versions, key: Key) -> None:
    if done.current[key].said.status in _GONE:
        gone = done.retracted[key] = done.current.pop(key)
        done.superseded.append(_unfolded(gone, RETRACTED))


def _address(told: Told[Shape]) -> Address:
    return (told.said.patient, told.said.t, told.said.n)


def bodies_by_address(statements: Iterable[Statement]) -> dict[Address, bytes]:
    """Each statement's body."""
    return {(one.patient, one.t, one.n): one.body for one in statements}


def _settle(
    done: Versions, key: Key, ordered: list[Told[Shape]], bodies: Mapping[Address, bytes]
) -> None:
    """The last is current, the others earlier."""
    newest = done.current[key] = ordered.pop()
    if not ordered:
        return
    newest.again = True
    body = bodies[_address(newest)]
    done.earlier[key] = ordered
    done.superseded += [
        _unfolded(told, _WHY_AGAIN if bodies[_address(told)] == body else _WHY_OLDER)
        for told in ordered
    ]


def _unfolded(told: Told[Shape], why: str) -> Unfolded:
    return Unfolded(said=told.said, why=why, labels=told.labels)


def _newness(
    told: Told[Shape], bodies: Mapping[Address, bytes]
) -> tuple[datetime, int, datetime, bytes, int, int]:
    updated = date_of(told.body.meta.last_updated)
    return (
        updated.start if updated else _NEVER,
        _RANK.get(told.said.status, 3),
        told.said.received,
        bodies[_address(told)],
        told.said.t,
        told.said.n,
    )
