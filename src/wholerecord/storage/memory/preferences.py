"""What people decided about who sees their records."""

from collections.abc import Sequence
from dataclasses import replace

from wholerecord.consent import Preference, Rule
from wholerecord.errors import NotFound
from wholerecord.record import PersonId
from wholerecord.storage.memory.rulings import Rules
from wholerecord.storage.memory.tables import Tables, now
from wholerecord.storage.text import storable


class Preferences:
    """See `consent.Preferences`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def prefer(
        self, person: PersonId, rules: Sequence[Rule], *, by: str, words: str
    ) -> Preference:
        """See `consent.Preferences.prefer`."""
        kept = [await Rules(self._tables).add_rule(rule) for rule in rules]
        decided = Preference(
            n=len(self._tables.preferences) + 1,
            person=PersonId(storable(person)),
            words=storable(words),
            at=now(),
            by=storable(by),
            rules=tuple(kept),
        )
        self._tables.preferences.append(decided)
        return decided

    async def end_preference(self, person: PersonId, n: int, *, by: str) -> None:
        """See `consent.Preferences.end_preference`."""
        known = self._tables.preferences[n - 1] if 0 < n <= len(self._tables.preferences) else None
        if known is None or known.person != storable(person) or known.ended is not None:
            raise NotFound("There is no such decision to end.")
        self._tables.preferences[n - 1] = replace(known, ended=now(), ended_by=storable(by))
        self._tables.ended |= {rule.n for rule in known.rules}

    async def preferences_of(self, person: PersonId) -> Sequence[Preference]:
        """See `consent.Preferences.preferences_of`."""
        whose = storable(person)
        return [one for one in reversed(self._tables.preferences) if one.person == whose]
