"""Facts that were wrong, and who is told of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from wholerecord.access.wrong_facts import Misinformed, WrongFact
from wholerecord.fold import Ruling
from wholerecord.record import PersonId
from wholerecord.storage.memory.tables import Tables, now
from wholerecord.storage.text import storable


class WrongFacts:
    """See `access.wrong_facts.WrongFacts`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def keep_wrong(self, fact: WrongFact, misinformed: Sequence[Misinformed]) -> bool:
        """See `access.wrong_facts.WrongFacts.keep_wrong`."""
        known = self._tables.wrong_facts
        key = (fact.patient, fact.kind, storable(fact.own), fact.at)
        if key in known:
            return False
        known.append(key)
        self._tables.misinformed += [replace(one, fact=len(known)) for one in misinformed]
        return True

    async def wrong_rulings(self, *, after: int) -> Sequence[Ruling]:
        """See `access.wrong_facts.WrongFacts.wrong_rulings`."""
        return [
            one
            for one in self._tables.rulings
            if one.n > after and one.blamed and one.withdrawn is None
        ]

    async def misinformed(self, person: PersonId) -> Sequence[Misinformed]:
        """See `access.wrong_facts.WrongFacts.misinformed`."""
        return self._newest_first(one for one in self._tables.misinformed if one.person == person)

    async def wrong_notices(self, actor: str) -> Sequence[Misinformed]:
        """See `access.wrong_facts.WrongFacts.wrong_notices`."""
        mine = (one for one in self._tables.misinformed if one.actor == storable(actor))
        return self._newest_first(one for one in mine if one.read is None)

    async def wrong_noticed(self, actor: str, fact: int) -> None:
        """See `access.wrong_facts.WrongFacts.wrong_noticed`."""
        told = self._tables.misinformed
        for at, one in enumerate(told):
            if (one.actor, one.fact, one.read) == (storable(actor), fact, None):
                told[at] = replace(one, read=now())

    @staticmethod
    def _newest_first(found: Iterable[Misinformed]) -> list[Misinformed]:
        return sorted(found, key=lambda one: (-one.fact, one.actor))
