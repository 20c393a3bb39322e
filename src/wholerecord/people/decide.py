"""Who a newcomer is, among the persons who share a blocking key with them.

The evidence for a person is their best patient's; a veto by any of their patients holds against
the whole person. Order never matters: every tie is broken by what is compared, last by ids.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import msgspec

from wholerecord.people.constraints import CROWDED
from wholerecord.people.demographics import Demographics
from wholerecord.people.judge import Verdict, judge
from wholerecord.people.link import Candidate, Decision, Fit, Outcome, Possible
from wholerecord.people.traits import Traits, traits
from wholerecord.record import PatientId, PersonId

_CROWD = f"they have more than {CROWDED} patients, which one person has not"
_RANK = {Outcome.CERTAIN: 2, Outcome.SEVERAL: 1, Outcome.POSSIBLE: 1, Outcome.NONE: 0}


class _Person(msgspec.Struct, frozen=True, kw_only=True):
    """A person with the best evidence for them; `why_not` is the veto that holds, or "".

    `by` is the patient whose evidence it is.
    """

    person: PersonId
    by: PatientId
    best: Verdict
    outcome: Outcome
    why_not: str
    patients: tuple[Traits, ...]

    @property
    def why(self) -> str:
        return self.why_not or self.best.why

    @property
    def possible(self) -> Possible:
        return Possible(person=self.person, weight=self.best.weight, parts=self.best.parts)


def decide(newcomer: Demographics, candidates: Sequence[Candidate]) -> Decision:
    """What to do with a newcomer: join the one person they certainly are, or ask, or neither.

    Pure; any order of candidates gives the same decision. For NONE, `weight` and `parts` are those
    of the nearest person, so that people can see why not.
    """
    persons = sorted(_persons(newcomer, candidates), key=_strongest_first)
    if not persons:
        return _decision(Outcome.NONE, None, (), "nobody known shares enough to be compared")
    best = persons[0]
    certain = [each for each in persons if each.outcome is Outcome.CERTAIN]
    if not certain:
        asked = tuple(each for each in persons if each.outcome is Outcome.POSSIBLE)
        outcome = Outcome.SEVERAL if len(asked) > 1 else best.outcome
        return _decision(outcome, best, asked, best.why)
    rivals = certain[1:]
    if any(_conflict(one, other) for one in certain for other in rivals if one is not other):
        why = f"{len(certain)} persons fit and they cannot be one: {best.why}"
        return _decision(Outcome.SEVERAL, best, tuple(certain), why)
    # A twin's veto is no question once the newcomer is found; a person who fits as well is.
    asked = (
        *rivals,
        *(each for each in persons if each.outcome is Outcome.POSSIBLE and not each.why_not),
    )
    why = best.why
    if rivals:
        why += f"; {len(certain)} persons fit, this one best: they may be one"
    decision = _decision(Outcome.CERTAIN, best, asked, why)
    return replace(decision, also=tuple(each.by for each in rivals))


def fits(said: Demographics, candidates: Sequence[Candidate]) -> tuple[Fit, ...]:
    """Every person among the candidates with what the evidence allows, the strongest first."""
    return tuple(
        Fit(
            person=each.person,
            outcome=each.outcome,
            weight=each.best.weight,
            parts=each.best.parts,
            why=each.why,
        )
        for each in sorted(_persons(said, candidates), key=_strongest_first)
    )


def _persons(newcomer: Demographics, candidates: Sequence[Candidate]) -> list[_Person]:
    """The candidates gathered by person, each with what the evidence against them allows."""
    gathered: defaultdict[PersonId, dict[PatientId, Traits]] = defaultdict(dict)
    for candidate in sorted(candidates, key=lambda each: each.patient):
        gathered[candidate.person][candidate.patient] = traits(candidate.demographics)
    said = traits(newcomer)
    return [_person(said, person, patients) for person, patients in gathered.items()]


def _person(newcomer: Traits, person: PersonId, patients: dict[PatientId, Traits]) -> _Person:
    judged = [(patient, judge(newcomer, each)) for patient, each in patients.items()]
    by, best = judged[0] if len(judged) == 1 else max(judged, key=_strength)  # of equals the first
    vetoes = [verdict.why for _, verdict in judged if verdict.veto]
    if len(judged) > CROWDED:  # whose patients they are nobody knows: nobody joins them by rule
        vetoes = [_CROWD]
    outcome = best.outcome
    if vetoes and outcome is Outcome.CERTAIN:
        outcome = Outcome.POSSIBLE
    return _Person(
        person=person,
        by=by,
        best=best,
        outcome=outcome,
        why_not=min(vetoes, default=""),
        patients=tuple(patients.values()),
    )


def _strength(judged: tuple[PatientId, Verdict]) -> tuple[int, float, list[tuple[str, str]]]:
    _, verdict = judged
    parts = [(part.comparison, part.why) for part in verdict.parts]
    return (_RANK[verdict.outcome], verdict.weight, parts)


def _strongest_first(person: _Person) -> tuple[int, float, PersonId]:
    return (-_RANK[person.outcome], -person.best.weight, person.person)


def _conflict(one: _Person, other: _Person) -> bool:
    """Whether some patient of one can never be joined with some patient of the other."""
    return any(judge(a, b).veto for a, b in product(one.patients, other.patients))


def _decision(
    outcome: Outcome, best: _Person | None, asked: tuple[_Person, ...], why: str
) -> Decision:
    return Decision(
        outcome=outcome,
        person=best.person if best and outcome is Outcome.CERTAIN else None,
        weight=best.best.weight if best else 0.0,
        parts=best.best.parts if best else (),
        possible=tuple(each.possible for each in asked),
        why=why,
    )
