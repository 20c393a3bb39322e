"""Any decision explained: who can see a record or one entry of it, who cannot, and why. Pure.

Nothing here decides: each line is what `decide` says to a request such a person would make.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from wholerecord.access.decide import decide, withholding
from wholerecord.access.marks import marks_of
from wholerecord.access.narrow import may_be_seen
from wholerecord.access.opening import Actor, Ask, Facts, Verdict
from wholerecord.consent import Purpose, Role, View
from wholerecord.consent.plain import PEOPLE, WHY, subject
from wholerecord.fold import Entry
from wholerecord.record import PersonId

#: An organisation that no source of anybody's is of.
_ELSEWHERE = "(elsewhere)"
_STAFF = tuple(role for role in Role if role not in {Role.PATIENT, Role.CARER})
#: Why each of them would look, the strongest first.
_PURPOSES = tuple(each for each in Purpose if each is not Purpose.OWN_RECORD)
_PART = "they see who the person is, and nothing of the record"


class Sees(Enum):
    """What comes of asking to see."""

    YES = "yes"
    EMERGENCY = "only in an emergency"
    PART = "who the person is"
    COUNTED = "only counted with many others, without a name"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """One line of an explanation. `rule` is the number of the rule that says so, 0 for none."""

    who: str
    sees: Sees
    why: str
    rule: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Somebody who might look: a role, whether their organisation cares for the person, or a name.

    `organisation` is "" for any that cares for the person, or does not.
    """

    role: Role
    organisation: str = ""
    cares: bool = True
    actor: str = ""

    @property
    def who(self) -> str:
        """Them, as a sentence begins."""
        who = f"{PEOPLE[self.role]} ({self.actor})" if self.actor else PEOPLE[self.role]
        if self.organisation:
            return f"{who} at {self.organisation}"
        if self.role in {Role.PATIENT, Role.CARER}:
            return who
        where = "an organisation that cares for the person" if self.cares else "any other"
        return f"{who} at {where}"


def explain(person: PersonId, facts: Facts, entry: Entry | None = None) -> tuple[Stands, ...]:
    """Everybody who might look, and what would come of it: of the record, or of one entry.

    Two of a role whose answers are the same are one line.
    """
    lines: dict[tuple[str, Sees, str], Stands] = {}
    for audience in audiences(facts):
        line = stands(audience, person, facts, entry)
        lines.setdefault((line.who, line.sees, line.why), line)
    return tuple(_merged(list(lines.values())))


def stands(
    audience: Audience, person: PersonId, facts: Facts, entry: Entry | None = None
) -> Stands:
    """Whether they see it, and why, in words."""
    refused: Verdict | None = None
    part: Stands | None = None
    for purpose in _purposes(audience):
        ask = request(audience, person, purpose, facts)
        verdict = decide(ask, facts)
        if not verdict.allowed:
            view = _less(audience, person, purpose, facts)
            if view is not None and part is None:
                part = view
            refused = refused or verdict
            continue
        if entry is not None and not _shows(entry, verdict):
            refused = refused or _withheld(entry, verdict, ask, facts)
            continue
        sees = Sees.EMERGENCY if purpose is Purpose.EMERGENCY else Sees.YES
        why = f"{verdict.reason} ({WHY[purpose]})"
        return Stands(who=audience.who, sees=sees, why=why, rule=verdict.rule)
    if part is not None and (entry is None or part.sees is Sees.COUNTED):
        return part
    if refused is None:
        refused = Verdict(allowed=False, rule=0, reason=_PART)
    return Stands(who=audience.who, sees=Sees.NO, why=refused.reason, rule=refused.rule)


def audiences(facts: Facts) -> Iterator[Audience]:
    """Everybody who might look, as the rules know them."""
    yield Audience(role=Role.PATIENT)
    for rule in facts.rules:
        if rule.actor is not None and rule.person is not None:
            carer = rule.purpose is Purpose.OWN_RECORD
            yield Audience(role=Role.CARER if carer else rule.role or Role.DOCTOR, actor=rule.actor)
    yield Audience(role=Role.CARER, actor="nobody chose them")
    named = sorted({rule.organisation for rule in facts.rules if rule.organisation is not None})
    for role in _STAFF:
        yield from (Audience(role=role, organisation=each) for each in named)
        yield Audience(role=role, cares=True)
        yield Audience(role=role, cares=False)


def _purposes(audience: Audience) -> tuple[Purpose, ...]:
    own = audience.role in {Role.PATIENT, Role.CARER}
    return (Purpose.OWN_RECORD,) if own else _PURPOSES


def request(audience: Audience, person: PersonId, purpose: Purpose, facts: Facts) -> Ask:
    """The request to see the record that they would make."""
    cared = min(facts.controllers, default=_ELSEWHERE)
    actor = Actor(
        id=audience.actor or "(somebody)",
        name="",
        role=audience.role,
        organisation=audience.organisation or (cared if audience.cares else _ELSEWHERE),
        person=person if audience.role is Role.PATIENT else None,
    )
    given = "asked" if purpose is Purpose.EMERGENCY else ""
    return Ask(actor=actor, purpose=purpose, view=View.RECORD, person=person, given=given)


def _less(audience: Audience, person: PersonId, purpose: Purpose, facts: Facts) -> Stands | None:
    """What they see instead of the record: who the person is, or a count; None for nothing."""
    for view, sees in (
        (View.DEMOGRAPHICS, Sees.PART),
        (View.FIND, Sees.PART),
        (View.COUNT, Sees.COUNTED),
    ):
        verdict = decide(replace(request(audience, person, purpose, facts), view=view), facts)
        if verdict.allowed:
            why = f"{verdict.reason} ({WHY[purpose]})"
            return Stands(who=audience.who, sees=sees, why=why, rule=verdict.rule)
    return None


def _shows(entry: Entry, verdict: Verdict) -> bool:
    return may_be_seen(entry, verdict) and not marks_of(verdict.withheld).silence(entry)


def _withheld(entry: Entry, verdict: Verdict, ask: Ask, facts: Facts) -> Verdict:
    """Why an entry is not shown though the record is: the rule that withholds it."""
    denying = withholding(facts.rules, ask, facts)
    found = [rule for each, rule in denying.items() if marks_of(frozenset({each})).touches(entry)]
    if not found:
        return replace(verdict, reason="this kind of entry is not for their work")
    rule = max(found, key=lambda rule: (rule.specificity, rule.n))
    return replace(verdict, rule=rule.n, reason=f"{rule.reason} ({subject(rule)})")


def _merged(lines: list[Stands]) -> Iterator[Stands]:
    """Those who are answered alike whether or not they care for the person, once."""
    cares, other = " at an organisation that cares for the person", " at any other"
    said = {(line.who, line.sees, line.why) for line in lines}
    for line in lines:
        alike = line.who.replace(other, cares), line.sees, line.why
        if line.who.endswith(other) and alike in said:
            continue
        twin = line.who.replace(cares, other), line.sees, line.why
        both = line.who.endswith(cares) and twin in said
        yield replace(line, who=line.who.removesuffix(cares)) if both else line
