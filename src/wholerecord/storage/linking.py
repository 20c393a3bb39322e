"""What a decision means for the register: pure, so that every store does the same.

A store finds the candidates and keeps the outcome; which patient moves where, and what people are
asked to look at, is decided here.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from wholerecord.errors import Conflict
from wholerecord.people import (
    Act,
    Asked,
    Candidate,
    Decide,
    Decision,
    Demographics,
    LinkEvent,
    Outcome,
    Possible,
)
from wholerecord.people.bridge import Bridge
from wholerecord.people.constraints import Known, broken, reasons
from wholerecord.people.thresholds import BEDSIDE
from wholerecord.record import PatientId, PersonId

#: Events after which a patient may be another person than before.
MOVES = frozenset({Act.LINK, Act.MERGE, Act.JOIN, Act.UNLINK, Act.UNMERGE})
_TAKES_BACK = frozenset({Act.UNLINK, Act.UNMERGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Where a newcomer goes, by which decision, and what people are asked.

    `also` are patients of other persons whom the newcomer certainly is too.
    """

    person: PersonId
    decision: Decision
    asked: tuple[Asked, ...]
    also: tuple[PatientId, ...]


def new_person() -> PersonId:
    """A person's id, 32 hexadecimal digits drawn at random: it says nothing about anybody."""
    return PersonId(uuid4().hex)


def settle(
    patient: PatientId,
    said: Demographics,
    candidates: Iterable[Candidate],
    *,
    apart: Collection[PersonId],
    decide: Decide,
) -> Settled:
    """Who a patient without a person is: one of the candidates' persons, else a new one."""
    decision = decide(said, [each for each in candidates if each.person not in apart])
    certain = decision.outcome is Outcome.CERTAIN and decision.person is not None
    person = decision.person if certain and decision.person is not None else new_person()
    return Settled(
        person=person,
        decision=decision,
        asked=_asked(patient, decision.possible, person, apart),
        also=decision.also if certain else (),
    )


def bridged(found: Bridge, model: str) -> tuple[LinkEvent, ...]:
    """The events by which two persons become one, of every patient who moves."""
    return tuple(
        LinkEvent(
            n=0,
            act=Act.LINK,
            patient=patient,
            person=found.person,
            was=found.left,
            weight=found.weight,
            parts=found.parts,
            by="rules",
            why=found.why,
            model=model,
            at=datetime.min.replace(tzinfo=UTC),
        )
        for patient in found.moves
    )


def look_again(
    patient: PatientId,
    said: Demographics,
    person: PersonId,
    candidates: Sequence[Candidate],
    *,
    apart: Collection[PersonId],
    decide: Decide,
) -> tuple[Asked, ...]:
    """What people are asked when an already linked patient's demographics change. Nobody moves.

    `candidates` holds every other patient of their own person, and others who share a key. A link
    stands until its evidence has fallen under the threshold of splitting, which is lower than that
    of asking; or until its patients contradict each other.
    """
    own = [each for each in candidates if each.person == person]
    others = [each for each in candidates if each.person != person and each.person not in apart]
    asked: list[Asked] = []
    if own:
        still = decide(said, own)
        why = _contradicted(patient, said, own)
        if why or (still.outcome is Outcome.NONE and still.weight < BEDSIDE.split):
            asked.append(
                Asked(
                    patient=patient,
                    person=person,
                    weight=still.weight,
                    parts=still.parts,
                    against=True,
                    why=why,
                )
            )
    if others:
        decision = decide(said, others)
        possible = decision.possible
        if decision.outcome is Outcome.CERTAIN and decision.person is not None:
            certain = Possible(person=decision.person, weight=decision.weight, parts=decision.parts)
            possible = (certain, *possible)
        asked.extend(_asked(patient, possible, person, apart))
    return tuple(asked)


def before(events: Iterable[LinkEvent]) -> PersonId | None:
    """Who a patient was before their last link that still stands; None when they were nobody.

    `events` are the patient's own, oldest first. Each unlink takes back the link before it, so
    unlinking again goes one further back and never joins again what was taken apart.
    """
    stack: list[PersonId] = []
    for event in events:
        if event.act in _TAKES_BACK:
            stack = stack[:-1]
            if not stack or stack[-1] != event.person:
                stack = [event.person]
        elif event.act in MOVES:
            stack.append(event.person)
    return stack[-2] if len(stack) > 1 and stack[-2] != stack[-1] else None


def doubted(patient: PatientId, person: PersonId) -> Asked:
    """What people are asked when a source takes apart what it never merged.

    Rules or a professional joined the two for reasons of their own, so nobody is moved.
    """
    return Asked(patient=patient, person=person, weight=0.0, parts=(), against=True)


def brought_by(events: Iterable[LinkEvent]) -> LinkEvent | None:
    """The event that made a patient who they are; None when nothing moved them.

    `events` are the patient's own, oldest first.
    """
    last = None
    for event in events:
        last = event if event.act in MOVES else last
    return last


def needs_second(events: Iterable[LinkEvent], *, by: str, restricted: bool) -> bool:
    """Whether splitting a person needs somebody else to agree: that of a restricted person does.

    `events` are the patient's own, oldest first. The first asks (PROPOSE); another does it, as
    long as the patient was not moved since.
    """
    asked: set[str] = set()
    for event in events:
        if event.act is Act.PROPOSE:
            asked.add(event.by)
        elif event.act in MOVES:
            asked.clear()
    return restricted and not asked - {by}


def undoable(events: Sequence[LinkEvent], n: int) -> LinkEvent:
    """Event `n`, where it is a decision that can be taken back with one click.

    `events` are the patient's own, oldest first.

    Raises:
        Conflict: it is no JOIN or VETO, or something was decided since.
    """
    decided = [event for event in events if event.act is not Act.UNSURE]
    if not decided or decided[-1].n != n or decided[-1].act not in {Act.JOIN, Act.VETO}:
        raise Conflict("Something was decided about this patient since: look again.")
    return decided[-1]


def contested(patient: PatientId, person: PersonId) -> Asked:
    """What people are asked when a source merges two whom somebody found to be two."""
    why = "the source merges these two, and somebody decided that they are not one"
    return Asked(patient=patient, person=person, weight=0.0, parts=(), why=why)


def meanwhile(kept: PatientId, person: PersonId, filings: int) -> Asked:
    """What people are asked of a patient who was written to while another was merged into them."""
    many = "1 filing" if filings == 1 else f"{filings} filings"
    why = f"{many} made while the two were one: they may be about the other"
    return Asked(patient=kept, person=person, weight=0.0, parts=(), why=why)


def merged_through(
    events: Iterable[LinkEvent], since: LinkEvent, there: Collection[PatientId]
) -> tuple[Asked, ...]:
    """What people are asked when a merge is undone that others were merged through.

    `events` are those of the person who is left, `there` the patients who stay.
    """
    why = "merged while another, now taken out, was this person: it may have been the other's"
    patients = {
        event.patient: Asked(
            patient=event.patient,
            person=since.person,
            weight=0.0,
            parts=(),
            against=True,
            why=why,
        )
        for event in events
        if event.n > since.n
        and event.act is Act.MERGE
        and event.patient in there
        and event.patient != since.patient
    }
    return tuple(patients.values())


def _contradicted(patient: PatientId, said: Demographics, own: Sequence[Candidate]) -> str:
    """Which rules that hold for one person the newcomer's new demographics break; "" for none."""
    cluster = [Known(patient=each.patient, demographics=each.demographics) for each in own]
    found = broken([*cluster, Known(patient=patient, demographics=said)])
    return reasons(found).get(patient, "")


def _asked(
    patient: PatientId,
    possible: Iterable[Possible],
    person: PersonId,
    apart: Collection[PersonId],
) -> tuple[Asked, ...]:
    """One question for each other person the patient might be."""
    asked = {
        each.person: Asked(
            patient=patient, person=each.person, weight=each.weight, parts=each.parts
        )
        for each in possible
        if each.person != person and each.person not in apart
    }
    return tuple(asked.values())
