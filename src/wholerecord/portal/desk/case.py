"""One question about who is who, as lines: both sides, the evidence in words, what changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wholerecord.access.matching import Case
from wholerecord.fold.compare import Act, Difference
from wholerecord.people import Member, Part
from wholerecord.portal.desk.changes import says
from wholerecord.portal.desk.view import sides
from wholerecord.portal.shared import words

#: Changed entries listed; the number of the others is said.
_MOST = 60
_STRENGTHS = ((8.0, "strongly"), (4.0, "clearly"), (1.0, "a little"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One comparison of the waterfall: what was found, what it says, and the bits so far."""

    comparison: str
    why: str
    says: str
    bits: str
    so_far: str
    against: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLines:
    """The question as a page shows it."""

    n: int
    patient: int
    person: str
    against: bool
    why: str
    since: str
    unsure: int
    restricted: bool
    proposed: str
    place: int
    waiting: int
    next: int | None
    sides: tuple[tuple[str, str, str, bool], ...]
    steps: tuple[Step, ...]
    theirs: tuple[str, ...]
    members: tuple[str, ...]
    gains: tuple[tuple[str, str], ...]
    loses: tuple[tuple[str, str], ...]


def case_lines(case: Case, now: datetime) -> CaseLines:
    """The case in words. Gains and losses are of the two screens that would change."""
    review = case.review
    ours, others = sides([case.newcomer], {}), sides(case.members, {})
    return CaseLines(
        n=review.n,
        patient=review.patient,
        person=review.person,
        against=review.against,
        why=review.why,
        since=words.ago(review.since, now),
        unsure=review.unsure,
        restricted=case.restricted,
        proposed=case.proposed,
        place=case.place,
        waiting=case.waiting,
        next=case.next,
        sides=tuple(
            (label, ours[label], others[label], ours[label] == others[label]) for label in ours
        ),
        steps=waterfall(review.parts),
        theirs=tuple(_member(one) for one in case.theirs),
        members=tuple(_member(one) for one in case.members),
        gains=_changes(case.gains),
        loses=_changes(case.loses),
    )


def waterfall(parts: Sequence[Part]) -> tuple[Step, ...]:
    """Every comparison in plain words, the weightiest first, with the sum so far."""
    total = 0.0
    steps: list[Step] = []
    for part in sorted(parts, key=lambda one: -abs(one.weight)):
        total += part.weight
        steps.append(
            Step(
                comparison=part.comparison,
                why=part.why,
                says=speaks(part.weight),
                bits=f"{part.weight:+.1f}",
                so_far=f"{total:+.1f}",
                against=part.weight < 0,
            )
        )
    return tuple(steps)


def speaks(weight: float) -> str:
    """What a weight means, in words.

    >>> speaks(10.0), speaks(-5.0), speaks(0.2)
    ('speaks strongly for one person', 'speaks clearly for two', 'says nothing much')
    """
    how = next((word for least, word in _STRENGTHS if abs(weight) >= least), "")
    if not how:
        return "says nothing much"
    return f"speaks {how} for {'one person' if weight > 0 else 'two'}"


def _member(member: Member) -> str:
    who = member.demographics
    parts = (
        f"{member.source} {member.number}",
        str(who.name) if who.name else "name not said",
        who.born.say() if who.born else "birth not said",
        str(who.nhs_number) if who.nhs_number else "no NHS number",
    )
    return ", ".join(parts)


def _changes(found: Sequence[Difference]) -> tuple[tuple[str, str], ...]:
    order = {Act.ADDED: 0, Act.REMOVED: 1, Act.CHANGED: 2}
    lines = [(one.act.value, says(one)) for one in sorted(found, key=lambda one: order[one.act])]
    if len(lines) > _MOST:
        lines = [*lines[:_MOST], ("and", f"{len(lines) - _MOST} more")]
    return tuple(lines)
