"""The room where who can see a record is explained, and written down as an opening."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wholerecord.access.decide import decide
from wholerecord.access.explain import Audience, Stands, explain, stands
from wholerecord.access.marks import marks_of
from wholerecord.access.opening import Ask, Facts, Refused, Verdict
from wholerecord.access.room import Room
from wholerecord.access.tie import Tie
from wholerecord.consent import Purpose, Rule, View
from wholerecord.errors import NotFound
from wholerecord.fold import Entry
from wholerecord.record import PersonId

NOT_YOURS = "only the person themselves is told who can see their record, and decides it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Who can see a record, or the `entry` asked about, and why.

    `ties` are what makes relationships now. Only the person themselves is told of them: they say
    where somebody is, and what is hidden makes some.
    """

    entry: Entry | None
    lines: tuple[Stands, ...]
    ties: tuple[Tie, ...] = ()


class ExplainRoom(Room):
    """The room where decisions are explained."""

    async def explain(
        self,
        person: PersonId,
        *,
        purpose: Purpose,
        key: str = "",
        audience: Audience | None = None,
        given: str = "",
    ) -> Explained | Refused:
        """Who can see this record, or the entry with `key`; or why not. Audited.

        With `audience`, what would come of their asking. Whoever asks about an entry sees it, so
        they learn of nothing that is hidden from them. A carer is not told: the answer would say
        what is hidden from them.

        Raises:
            NotFound: the actor sees no such entry.
        """
        ask = self._asking(person, purpose, View.RULES, part=key, given=given)
        opening, facts, verdict = await self._store.open(ask, decide_for_oneself)
        if not verdict.allowed or not facts.members:
            return Refused(reason=verdict.reason, opening=opening)
        entry = None
        if key:
            look = await self._look(
                self._asking(person, purpose, View.RECORD, part=key, given=given)
            )
            if isinstance(look, Refused):
                return look
            entry = next((each for each in look.shown.entries if each.key == key), None)
            if entry is None:
                raise NotFound("No entry you may see has that key.")
        if audience is not None:
            return Explained(entry=entry, lines=(stands(audience, person, facts, entry),))
        mine = purpose is Purpose.OWN_RECORD  # `decide_for_oneself`: nobody comes in for them
        hides = marks_of(verdict.withheld).hides
        ties = tuple(tie for tie in facts.ties if mine and tie.holds(facts.now) and not hides(tie))
        return Explained(entry=entry, lines=explain(person, facts, entry), ties=ties)

    async def adopt(self, rules: Sequence[Rule], *, why: str) -> tuple[Rule, ...] | Refused:
        """Put rules for everybody in force; the rules with their numbers, or why not. Audited."""
        part = f"adopt {len(rules)} rules"
        ask = self._asking(None, Purpose.EMERGENCY, View.RULES, part=part, given=why)
        if refused := await self._may(ask):
            return refused
        return tuple([await self._store.add_rule(rule) for rule in rules])


def decide_for_oneself(ask: Ask, facts: Facts) -> Verdict:
    """What the rules say; and of one's own record, only to the person themselves."""
    verdict = decide(ask, facts)
    mine = ask.actor.person is not None and ask.actor.person == ask.person
    if verdict.allowed and ask.purpose is Purpose.OWN_RECORD and not mine:
        return replace(verdict, allowed=False, reason=NOT_YOURS)
    return verdict
