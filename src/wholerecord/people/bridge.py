"""Two persons whom a patient who came later shows to be one.

A newcomer who certainly is two persons is joined to one of them; then the other is no other person,
as they would not have been, had the newcomer come first. So who is one person does not depend on
the order in which people are met: whom certain pairs connect are one, however they came, unless
somewhere among them is a pair that a rule forbids, or that somebody decided about. Those are left
as they are, and people are asked.

A demonstration until a clinical safety officer signs.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from wholerecord.people.constraints import CROWDED
from wholerecord.people.judge import judge
from wholerecord.people.link import Candidate, Outcome, Part
from wholerecord.people.traits import traits
from wholerecord.record import PatientId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """Who moves, to whom, and by which evidence. `left` is the person nobody is any more."""

    person: PersonId
    left: PersonId
    moves: tuple[PatientId, ...]
    weight: float
    parts: tuple[Part, ...]
    why: str


def bridge(
    patient: PatientId,
    other: PatientId,
    members: Sequence[Candidate],
    *,
    apart: Collection[tuple[PatientId, PersonId]],
    own: Collection[PersonId],
) -> Bridge | None:
    """How the persons of `patient` and `other` become one; None where they may not by rule.

    `members` are all patients of both persons, `apart` what somebody decided about them, `own`
    those of the persons of whom something is kept by who they are (a choice, a rule): they stay.
    The fewer move. Symmetric in the two, and in the order of `members`.
    """
    known = {each.patient: each for each in members}
    if len(members) > CROWDED or not {patient, other} <= known.keys():
        return None
    here, there = known[patient].person, known[other].person
    two = {here, there}
    if len(two) == 1 or two <= {*own}:
        return None
    if any((each.patient, person) in apart for each in members for person in two):
        return None
    sides = {person: [each for each in members if each.person == person] for person in two}
    pairs = [
        judge(traits(one.demographics), traits(two.demographics))
        for one in sides[here]
        for two in sides[there]
    ]
    said = judge(traits(known[patient].demographics), traits(known[other].demographics))
    if said.outcome is not Outcome.CERTAIN or any(pair.veto for pair in pairs):
        return None
    stays, left = sorted(two, key=lambda each: (each not in own, -len(sides[each]), each))
    return Bridge(
        person=stays,
        left=left,
        moves=tuple(sorted(each.patient for each in sides[left])),
        weight=said.weight,
        parts=said.parts,
        why=f"a patient of one of the two is certainly one of the other: {said.why}",
    )
