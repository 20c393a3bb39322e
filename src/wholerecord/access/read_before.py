"""Resources that were read before, each remembered with the `t` its patient was at.

Whether it may be read the door decides anew each time, and what it decided from says at which `t`
the patient is now: at the same one nothing was said since, and it is the newest still.
"""

from collections import OrderedDict
from typing import NamedTuple

from wholerecord.record import LogicalId, PersonId, Version

#: Bytes of bodies remembered, in all.
_MOST = 32 << 20
#: A body's share of the book-keeping, bytes: many small ones are many.
_EACH = 500


class Before(NamedTuple):
    """The newest version while its patient, one of `person`, is at `t`."""

    version: Version
    person: PersonId
    t: int


class ReadBefore:
    """What one process has read; those read longest ago are let go of."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._held = 0
        self._known: OrderedDict[tuple[str, LogicalId], Before] = OrderedDict()

    def of(self, kind: str, id: LogicalId) -> Before | None:
        """What was read at this address, if that is remembered."""
        found = self._known.get((kind, id))
        if found is not None:
            self._known.move_to_end((kind, id))
        return found

    def remember(self, kind: str, version: Version, t: int) -> None:
        """Remember it, where it is about somebody: of what is not, no `t` says it is newest."""
        if version.shared or version.person is None:
            return
        key = kind, version.id
        self._let_go(self._known.pop(key, None))
        self._known[key] = Before(version, version.person, t)
        self._held += _size(version)
        while self._held > self._most and self._known:
            self._let_go(self._known.popitem(last=False)[1])

    def _let_go(self, one: Before | None) -> None:
        if one is not None:
            self._held -= _size(one.version)


def _size(version: Version) -> int:
    return len(version.statement.body) + _EACH
