"""Preferences: what a person decided about who sees their record, kept as the rules it made.

A preference and its rules begin and end together. A decided thing is never changed: it ends, and
another begins; both stay in the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wholerecord.consent.rule import Rule
from wholerecord.record import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """One decision of a person: in their words of a fixed list, when, by whom; and its end.

    `rules` are those it made. `ended` is None while it holds; what has its own end (`until`) may be
    over all the same.
    """

    n: int
    person: PersonId
    words: str
    at: datetime
    by: str
    rules: tuple[Rule, ...]
    ended: datetime | None = None
    ended_by: str = ""

    def holds(self, now: datetime) -> bool:
        """Whether any of its rules counts now."""
        return self.ended is None and any(
            rule.until is None or now < rule.until for rule in self.rules
        )


class Preferences(Protocol):
    """Where preferences are kept."""

    async def prefer(
        self, person: PersonId, rules: Sequence[Rule], *, by: str, words: str
    ) -> Preference:
        """Keep a decision and begin its rules, all or none."""
        ...

    async def end_preference(self, person: PersonId, n: int, *, by: str) -> None:
        """The decision and its rules count no longer.

        Raises:
            NotFound: there is none of that number, of this person, that has not ended.
        """
        ...

    async def preferences_of(self, person: PersonId) -> Sequence[Preference]:
        """Every decision a person made, the newest first, those that ended too."""
        ...
