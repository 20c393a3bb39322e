"""What a change of the rules would change for whom, before it is made. Pure.

Everybody the rules know asks for one entry of each kind and sensitivity, by today's rules and by
those proposed; each side of a difference is what `decide` says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from wholerecord.access.decide import decide
from wholerecord.access.explain import Audience, audiences, request
from wholerecord.access.opening import Facts, Verdict
from wholerecord.consent import Purpose, Role, Rule, View
from wholerecord.consent.book import Book, Shelf
from wholerecord.consent.plain import KINDS, LABELS, subject
from wholerecord.consent.proposal import Proposal
from wholerecord.people import Demographics, Member
from wholerecord.record import PatientId, PersonId

#: Somebody of whom nothing is known but that an organisation cares for them.
_ANYBODY = PersonId("")
_CARED_FOR = Member(
    patient=PatientId(0),
    source="anybody's",
    number="",
    controller="(anybody's)",
    t=0,
    demographics=Demographics(),
)
_WHOLE = (View.FIND, View.DEMOGRAPHICS, View.OPENINGS, View.DESK, View.RULING, View.SAY, View.COUNT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """One line: who would see more (`gains`) or less of what, for which purpose.

    `what` are kinds of entries with `label` ("" without one), one view of the whole, or a part that
    is neither.
    """

    who: str
    purpose: Purpose
    gains: bool
    label: str
    what: tuple[str, ...]


def proposed(facts: Facts, proposal: Proposal) -> Facts:
    """The facts as they would be under the proposal."""
    kept = [rule for rule in facts.rules if rule.n not in proposal.end]
    new = [replace(rule, n=-place) for place, rule in enumerate(proposal.add, 1)]
    rules: Sequence[Rule] = [*kept, *new]
    return replace(facts, rules=_book(rules))


def simulate(facts: Facts, proposal: Proposal) -> tuple[Differs, ...]:
    """Every difference for everybody, gains and losses apart. Without one: nothing changes."""
    facts = replace(facts, rules=_book(facts.rules), members=(_CARED_FOR,))
    later = proposed(facts, proposal)
    known = {each.who: each for each in (*audiences(facts), *audiences(later))}
    lines: dict[tuple[str, Purpose, bool, str], list[str]] = {}
    parts = _parts(facts, later)
    for who, audience in known.items():
        for purpose in _purposes(audience):
            before = set(_seen(audience, purpose, facts, parts))
            after = set(_seen(audience, purpose, later, parts))
            for label, what in sorted(before ^ after):
                gains = (label, what) in after
                lines.setdefault((who, purpose, gains, label), []).append(what)
    return tuple(
        Differs(who=who, purpose=purpose, gains=gains, label=label, what=tuple(what))
        for (who, purpose, gains, label), what in lines.items()
    )


def _book(rules: Sequence[Rule]) -> Book:
    general = (rule for rule in rules if rule.person is None)
    return Book(Shelf(general), tuple(rule for rule in rules if rule.person is not None))


def _purposes(audience: Audience) -> tuple[Purpose, ...]:
    if audience.role in {Role.PATIENT, Role.CARER}:
        return (Purpose.OWN_RECORD,)
    return tuple(one for one in Purpose if one is not Purpose.OWN_RECORD)


def _parts(*every: Facts) -> dict[str, str]:
    """What rules withhold that is no kind and no sensitivity, by its name, in words."""
    return {
        about: subject(rule)
        for facts in every
        for rule in facts.rules
        if (about := rule.withholds) is not None
        and (rule.period is not None or (rule.label is None and rule.kind is None))
    }


def _seen(
    audience: Audience, purpose: Purpose, facts: Facts, parts: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """What they see: (label, kind) of each sort of entry, and ("", view) of what is whole.

    And ("", part) of what some rule withholds beside those.
    """
    ask = request(audience, _ANYBODY, purpose, facts)
    verdict = decide(ask, facts)
    if verdict.allowed and purpose not in {Purpose.PLANNING, Purpose.RESEARCH}:
        for label, kind in product(("", *LABELS), KINDS):
            if _shows(verdict, label, kind):
                yield label, kind
        yield from (
            ("", f"part {words}") for part, words in parts.items() if part not in verdict.withheld
        )
    for view in _WHOLE:
        if decide(replace(ask, view=view), facts).allowed:
            yield "", f"view {view.value}"


def _shows(verdict: Verdict, label: str, kind: str) -> bool:
    narrowed = bool(verdict.kinds) and kind not in verdict.kinds
    return not narrowed and verdict.withheld.isdisjoint({label, f"kind:{kind}"})
