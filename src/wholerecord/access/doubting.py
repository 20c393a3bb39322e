"""Looks gone through for review: emergencies at once, the patterns every night."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from wholerecord.access.doubts import Doubt
from wholerecord.access.patterns import (
    CROWD,
    NOT_STAFF,
    SEEN,
    Home,
    about,
    crowd,
    emergency,
    home_of,
    is_work,
    staff_name,
    watched,
)
from wholerecord.access.store import Store
from wholerecord.audit import Opening
from wholerecord.record import PersonId

#: Marks of how far the log was gone through.
_EMERGENCIES, _PATTERNS = "emergencies until", "patterns until"
#: Openings gone through before what was found is kept.
_PAGE = 5_000
#: People asked about at the same moment.
_TOGETHER = 64


async def doubt_emergencies(store: Store) -> int:
    """Make a question of every broken glass and every claim since last time; how many are new.

    Killed at any moment, it goes through the same again and asks nothing twice.
    """
    new = 0
    while True:
        after = int(await store.mark(_EMERGENCIES) or 0)
        looks = await store.emergencies(after=after)
        if not looks:
            return new
        new += await store.doubt([emergency(look) for look in looks if look.person is not None])
        await store.set_mark(_EMERGENCIES, str(looks[-1].n))


async def doubt_patterns(store: Store) -> int:
    """Look for every pattern in the looks since last time; how many questions are new.

    A crowd is counted by day, of what was opened since last time.
    """
    new, homes = 0, _Homes(store)
    watching = await store.watched()
    began = int(await store.mark(_PATTERNS) or 0)
    many = await store.crowds(after=began, least=CROWD, views=[*SEEN], but=[*NOT_STAFF])
    new += await store.doubt([crowd(each) for each in many])
    while True:
        after = int(await store.mark(_PATTERNS) or 0)
        page = await store.openings(after=after, limit=_PAGE)
        if not page:
            return new
        looks = [look for look in page if is_work(look)]
        await homes.meet(looks)
        found: list[Doubt] = []
        for look in _first_of_day(looks):
            them, namesakes = await homes.of(look)
            found += about(look, them, namesakes, homes.colleagues)
            if look.person in watching:
                found.append(watched(look))
        new += await store.doubt(found)
        await store.set_mark(_PATTERNS, str(page[-1].n))


def _first_of_day(looks: Sequence[Opening]) -> list[Opening]:
    """One look a day for each person and who looked."""
    first: dict[tuple[object, ...], Opening] = {}
    for look in looks:
        first.setdefault((look.person, look.actor, look.at.date()), look)
    return list(first.values())


class _Homes:
    """Who the people looked at are, and who has the names of those who looked.

    Everybody is read once, the first time that anybody looked: names are not found by keys.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._named: dict[str, list[tuple[PersonId, Home]]] | None = None
        self._known: dict[PersonId, Home] = {}
        self.colleagues: dict[str, set[str]] = defaultdict(set)

    async def meet(self, looks: Sequence[Opening]) -> None:
        """Take up the names of those who looked."""
        for look in looks:
            if name := staff_name(look.name):
                self.colleagues[look.organisation].add(name)

    async def of(self, look: Opening) -> tuple[Home, Sequence[tuple[PersonId, Home]]]:
        """Whom they looked at, and the people who have their name."""
        if self._named is None:
            self._named = await self._everybody()
        person = PersonId(look.person or "")
        if person not in self._known:
            self._known[person] = await self._home(person)
        return self._known[person], self._named.get(staff_name(look.name), ())

    async def _everybody(self) -> dict[str, list[tuple[PersonId, Home]]]:
        named: dict[str, list[tuple[PersonId, Home]]] = defaultdict(list)
        people = await self._store.people()
        for start in range(0, len(people), _TOGETHER):
            here = people[start : start + _TOGETHER]
            homes = await asyncio.gather(*map(self._home, here))
            for person, home in zip(here, homes, strict=True):
                for name in home.names:
                    named[name].append((person, home))
        return named

    async def _home(self, person: PersonId) -> Home:
        return home_of(member.demographics for member in await self._store.members(person))
