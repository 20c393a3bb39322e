"""Professionals' rulings, and the rules of who may see what."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from wholerecord.consent import Purpose, Rule
from wholerecord.consent.outs import is_of_another
from wholerecord.errors import NotFound
from wholerecord.fold import About, Ruling, Verdict
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.memory.corrections import ask_sources, take_back_requests
from wholerecord.storage.memory.tables import Tables, now
from wholerecord.storage.text import storable


class Rulings:
    """See `fold.Rulings`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def rule(
        self, verdict: Verdict, about: Sequence[About], *, by: str, why: str, side: str = ""
    ) -> Ruling:
        """See `fold.Rulings.rule`."""
        for each in about:
            self._tables.known(each.patient)
        ruling = Ruling(
            n=len(self._tables.rulings) + 1,
            verdict=verdict,
            about=tuple(about),
            by=storable(by),
            why=storable(why),
            at=now(),
            side=side,
        )
        self._tables.rulings.append(ruling)
        ask_sources(self._tables, ruling)
        return ruling

    async def withdraw(self, n: int, *, by: str) -> None:
        """See `fold.Rulings.withdraw`."""
        rulings = self._tables.rulings
        if not 1 <= n <= len(rulings):
            raise NotFound(f"There is no ruling {n}.")
        if rulings[n - 1].withdrawn is None:
            at = now()
            rulings[n - 1] = replace(rulings[n - 1], withdrawn=at, withdrawn_by=storable(by))
            take_back_requests(self._tables, n, at)

    async def rulings(
        self, patients: Sequence[PatientId], *, at: datetime | None = None
    ) -> Sequence[Ruling]:
        """See `fold.Rulings.rulings`."""
        moment = at or now()
        return [
            ruling if withdrawn else replace(ruling, withdrawn=None, withdrawn_by="")
            for ruling in self.about(patients)
            for withdrawn in [ruling.withdrawn is not None and ruling.withdrawn <= moment]
            if ruling.at <= moment and not withdrawn
        ]

    def about(self, patients: Sequence[PatientId]) -> list[Ruling]:
        """Every ruling ever made about any of `patients`, by `n`."""
        return [
            ruling
            for ruling in self._tables.rulings
            if any(each.patient in patients for each in ruling.about)
        ]

    def changes(self, patients: Sequence[PatientId], at: datetime) -> int:
        """How often rulings about each of `patients` were made or withdrawn until then."""
        return sum(
            (ruling.at <= at) + (ruling.withdrawn is not None and ruling.withdrawn <= at)
            for patient in patients
            for ruling in self.about([patient])
        )


class Rules:
    """See `consent.Rules`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_rule(self, rule: Rule) -> Rule:
        """See `consent.Rules.add_rule`."""
        kept = replace(rule, n=len(self._tables.rules) + 1, reason=storable(rule.reason))
        self._tables.rules.append(kept)
        return kept

    async def end_rule(self, n: int) -> None:
        """See `consent.Rules.end_rule`."""
        if not 1 <= n <= len(self._tables.rules):
            raise NotFound(f"There is no rule {n}.")
        self._tables.ended.add(n)

    async def rules(self, *, person: PersonId | None = None) -> Sequence[Rule]:
        """See `consent.Rules.rules`."""
        return self.in_force(person)

    def in_force(self, person: PersonId | None) -> list[Rule]:
        """The rules nobody ended: the general ones and `person`'s own, by number."""
        return [
            rule
            for rule in self._tables.rules
            if rule.n not in self._tables.ended and rule.person in (None, person)
        ]

    async def rules_of(self, people: Sequence[PersonId]) -> Sequence[Rule]:
        """See `consent.Rules.rules_of`."""
        whose = {None, *people}
        return [
            rule
            for rule in self._tables.rules
            if rule.n not in self._tables.ended and rule.person in whose
        ]

    async def refusals(self, purpose: Purpose, project: str = "") -> Sequence[Rule]:
        """See `consent.Rules.refusals`."""
        moment = now()
        return [
            rule
            for rule in self._tables.rules
            if rule.person is not None
            and rule.n not in self._tables.ended
            and not rule.allow
            and rule.purpose is purpose
            and rule.withholds is None
            and (rule.since is None or rule.since <= moment)
            and (rule.until is None or moment < rule.until)
            and not is_of_another(rule, project)
        ]
