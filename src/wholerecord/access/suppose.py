"""What would change for whom if a rule were added or ended: who gains, who loses. Pure.

Nothing here decides: each side of a change is what `decide` says to a request such a person would
make, to the same entries, under the rules as they are and as they would be.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from wholerecord.access.decide import decide
from wholerecord.access.explain import Audience, audiences, request
from wholerecord.access.marks import marks_of
from wholerecord.access.narrow import may_be_seen
from wholerecord.access.opening import Facts
from wholerecord.consent import Purpose, Role, Rule, View
from wholerecord.fold import Entry
from wholerecord.record import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far somebody reaches: entries they see in their work, and in an emergency; and counted.

    `who`: whether they see who the person is.
    """

    work: int
    emergency: int
    who: bool
    counted: bool

    @property
    def most(self) -> tuple[int, int, bool, bool]:
        """To compare with another: more of any is more."""
        return self.work, self.emergency, self.who, self.counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changes for somebody. `who` is them, as a sentence begins."""

    who: str
    before: Reach
    after: Reach

    @property
    def loses(self) -> bool:
        """Whether they see less of anything."""
        return any(
            later < earlier
            for later, earlier in zip(self.after.most, self.before.most, strict=True)
        )

    @property
    def gains(self) -> bool:
        """Whether they see more of anything."""
        return any(
            later > earlier
            for later, earlier in zip(self.after.most, self.before.most, strict=True)
        )


def suppose(
    person: PersonId,
    facts: Facts,
    entries: Sequence[Entry],
    *,
    add: Sequence[Rule] = (),
    end: Collection[int] = (),
) -> tuple[Change, ...]:
    """Everybody for whom something would change, and what; of the entries given."""
    later = replace(
        facts, rules=(*(rule for rule in facts.rules if rule.n not in end), *_numbered(add))
    )
    named = {each.who: each for each in (*audiences(facts), *audiences(later))}
    changes = (
        Change(
            who=who,
            before=reach(audience, person, facts, entries),
            after=reach(audience, person, later, entries),
        )
        for who, audience in named.items()
    )
    return tuple(change for change in changes if change.before != change.after)


def reach(audience: Audience, person: PersonId, facts: Facts, entries: Sequence[Entry]) -> Reach:
    """How far they reach under these rules."""
    own = audience.role in {Role.PATIENT, Role.CARER}
    work = (Purpose.OWN_RECORD,) if own else (Purpose.DIRECT_CARE, Purpose.ADMINISTRATION)
    seen = {
        purpose: _seen(audience, person, purpose, facts, entries)
        for purpose in (*work, *(() if own else (Purpose.EMERGENCY,)))
    }
    return Reach(
        work=max(seen[purpose] for purpose in work),
        emergency=seen.get(Purpose.EMERGENCY, 0),
        who=any(
            _allowed(audience, person, purpose, view, facts)
            for purpose in work
            for view in (View.DEMOGRAPHICS, View.FIND)
        ),
        counted=any(
            _allowed(audience, person, purpose, View.COUNT, facts)
            for purpose in (Purpose.PLANNING, Purpose.RESEARCH)
        ),
    )


def _allowed(
    audience: Audience, person: PersonId, purpose: Purpose, view: View, facts: Facts
) -> bool:
    return decide(replace(request(audience, person, purpose, facts), view=view), facts).allowed


def _seen(
    audience: Audience, person: PersonId, purpose: Purpose, facts: Facts, entries: Sequence[Entry]
) -> int:
    verdict = decide(request(audience, person, purpose, facts), facts)
    if not verdict.allowed:
        return 0
    marks = marks_of(verdict.withheld)
    return sum(may_be_seen(entry, verdict) and not marks.silence(entry) for entry in entries)


def _numbered(rules: Sequence[Rule]) -> list[Rule]:
    """Rules that are not kept yet, with numbers that no kept rule has."""
    return [replace(rule, n=-place) for place, rule in enumerate(rules, 1)]
