"""Statements that may be of one entry, together; what can never be of one entry, apart."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from wholerecord.fold import measures
from wholerecord.fold.doubts import Known, doubted
from wholerecord.fold.record import Entry
from wholerecord.fold.ruled import ruled
from wholerecord.fold.ruling import Ruling
from wholerecord.fold.ties import Tie
from wholerecord.fold.told import AnyWay, Around, Key, Told


class Island:
    """Statements that are tied to one another, each with how it is folded, and their entries.

    `within` is the island that has taken this one in.
    """

    __slots__ = ("_made", "entries", "members", "ties", "within")

    def __init__(self) -> None:
        self.members: dict[Key, tuple[AnyWay, Told[Any]]] = {}
        self.ties: list[Tie] = []
        self.entries: list[Entry] = []
        self.within: Island | None = None
        self._made: dict[tuple[object, ...], Entry] = {}

    def fold(self, around: Around, rulings: Sequence[Ruling], *, anew: bool) -> list[Entry]:
        """The entries of the statements, under the rulings in force.

        Those of the same groups as before are the same, unless `anew`: what they look up is not.
        """
        before = {} if anew else self._made
        self._made = {}
        known: Known = {}
        self.entries = []
        by_way: dict[AnyWay, list[Told[Any]]] = {}
        for way, told in self.members.values():
            by_way.setdefault(way, []).append(told)
        for way, each in by_way.items():
            for group in ruled(way.gather(each, around), rulings, around):
                said = (way, group.why, group.sense, group.wrong, group.disputed, *group.rulings)
                as_said = (*said, *map(id, group.told))  # they live as long as they are members
                if around.earlier:  # a medicine's line tells earlier versions too
                    as_said += tuple(map(id, _versions(group.told, around)))
                entry = None if way is measures.WAY else before.get(as_said)
                if entry is None:
                    entry = doubted(way.make(group, around), known, around.policy)
                self._made[as_said] = entry
                self.entries.append(entry)
        return self.entries


def _versions(told: Iterable[Told[Any]], around: Around) -> Iterator[Told[Any]]:
    """The earlier versions of statements."""
    for one in told:
        if one.again:
            yield from around.earlier.get(one.key, ())


class Islands:
    """Every statement in one island. Islands grow together, and never fall apart again.

    An island too large only costs time.
    """

    def __init__(self) -> None:
        self._at: dict[Tie, Island] = {}

    def at(self, *ties: Tie) -> Iterator[Island]:
        """The islands that have any of the ties."""
        for tie in ties:
            if (island := self._at.get(tie)) is not None:
                yield island

    def home(self, island: Island) -> Island:
        """The island that `island` is part of by now."""
        while island.within is not None:
            island = island.within
        return island

    def add(self, way: AnyWay, told: Told[Any], ties: Iterable[Tie]) -> Island:
        """Where `told` is now: an island of all that its ties tie together."""
        at = self._at
        home: Island | None = None
        new: list[Tie] = []
        for tie in ties:
            found = at.get(tie)
            if found is None:
                new.append(tie)
            elif home is None:
                home = found
            elif found is not home:
                home = self._together(home, found)
        if home is None:
            home = Island()
        home.members[told.key] = (way, told)
        home.ties += new
        for tie in new:
            at[tie] = home
        return home

    def _together(self, one: Island, other: Island) -> Island:
        """The larger with the smaller in it, so that no statement moves more than a few times."""
        large, small = (one, other) if len(one.ties) >= len(other.ties) else (other, one)
        large.members.update(small.members)
        large.entries += small.entries
        large.ties += small.ties
        for tie in small.ties:
            self._at[tie] = large
        small.within = large
        return large
