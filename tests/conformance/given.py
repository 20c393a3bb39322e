"""Small messages about small people, for tests of stores."""

import json
from collections.abc import Sequence
from datetime import datetime

from wholerecord.access import Actor, Ask, Facts, Store, Verdict
from wholerecord.consent import Purpose, Role, View
from wholerecord.intake import (
    Arrival,
    Fault,
    Filing,
    Kept,
    Merge,
    PatientFiling,
    Reason,
    Receipt,
    Unmerge,
)
from wholerecord.nhs import NhsNumber, PartialDate
from wholerecord.people import (
    Candidate,
    Decision,
    Demographics,
    LinkEvent,
    Name,
    Outcome,
    Part,
    Possible,
)
from wholerecord.record import PatientId, PatientKey, PersonId, Saying, Source

NUMBERS = ("9990000018", "9990000026", "9990000034", "9990000042")
DOCTOR = Actor(id="dr", name="Dr Example", role=Role.DOCTOR, organisation="RXA")


def who(family: str, nhs: str = "", given: str = "Ada", born: str = "1970-05-04") -> Demographics:
    """Demographics with a verified NHS number, or with none."""
    return Demographics(
        names=(Name(family=family, given=(given,)),),
        born=PartialDate.parse(born),
        nhs_number=NhsNumber.parse(nhs),
        nhs_status="01" if nhs else "",
    )


def decide(said: Demographics, candidates: Sequence[Candidate]) -> Decision:
    """Certain by NHS number, possible by family name: enough to tell where a store takes them."""
    certain = sorted(
        each.person
        for each in candidates
        if said.nhs_number is not None and each.demographics.nhs_number == said.nhs_number
    )
    parts = (Part(comparison="family", weight=2.5, why="the same"),)
    possible = tuple(
        Possible(person=person, weight=2.5, parts=parts)
        for person in sorted({each.person for each in candidates if _same_family(each, said)})
        if person not in certain
    )
    return Decision(
        outcome=Outcome.CERTAIN if certain else Outcome.POSSIBLE if possible else Outcome.NONE,
        person=certain[0] if certain else None,
        weight=9.0 if certain else 2.5,
        parts=parts,
        possible=possible,
        why="the same NHS number" if certain else "nothing certain",
    )


def _same_family(candidate: Candidate, said: Demographics) -> bool:
    return [n.family for n in candidate.demographics.names] == [n.family for n in said.names]


def never(_: Demographics, __: Sequence[Candidate]) -> Decision:
    """Nobody is anybody."""
    return Decision(
        outcome=Outcome.NONE, person=None, weight=0.0, parts=(), possible=(), why="no rule"
    )


#: A message: lines of `number, family, nhs, sayings`; or `merge`/`unmerge, kept,
#: retired` and when that was said; or `fault`, and the number of whom it is about.
def message(*lines: Sequence[object]) -> bytes:
    """The bytes of a message in the little language that `prepare` reads."""
    return json.dumps(lines).encode()


async def prepare(kept: Sequence[Kept]) -> Sequence[Filing]:
    """Read messages in the little language."""
    return [_filing(each) for each in kept]


def _filing(kept: Kept) -> Filing:
    patients: list[PatientFiling] = []
    merges: list[Merge | Unmerge] = []
    faults: list[Fault] = []
    for i, line in enumerate(json.loads(kept.body)):
        place = f"line {i + 1}"
        match line:
            case ["merge" | "unmerge" as said, into, retired, *at]:
                keys = PatientKey(kept.source, into), PatientKey(kept.source, retired)
                sort = Merge if said == "merge" else Unmerge
                when = datetime.fromisoformat(at[0]) if at else None
                merges.append(sort(kept=keys[0], retired=keys[1], place=place, said=when))
            case ["fault", *about]:
                faults.append(
                    Fault(
                        reason=Reason.BAD_VALUE,
                        place=place,
                        detail="PID-7",
                        about=PatientKey(kept.source, about[0]) if about else None,
                    )
                )
            case [number, family, nhs, count]:
                patients.append(
                    PatientFiling(
                        about=PatientKey(kept.source, number),
                        sayings=tuple(_saying(kept, place, n) for n in range(count)),
                        demographics=who(family, nhs) if family else None,
                    )
                )
    return Filing(
        message=kept.message,
        source=kept.source,
        patients=tuple(patients),
        merges=tuple(merges),
        faults=tuple(faults),
    )


def _saying(kept: Kept, place: str, n: int) -> Saying:
    kind = ("Patient", "Observation", "Condition")[n % 3]
    body = f'{{"id":"{n}","resourceType":"{kind}","said":{kept.message}}}'
    return Saying(kind=kind, body=body.encode(), place=f"{place} {n}")


async def sources(store: Store, *names: str) -> None:
    """Declare sources; the controller of `gp` is RXGP."""
    for name in names:
        await store.declare(Source(name=name, controller=f"RX{name.upper()}", title=name.title()))


async def keep(store: Store, source: str, *lines: Sequence[object]) -> Receipt:
    """Keep one message."""
    return await store.keep(Arrival(source=source, body=message(*lines), name="post"))


async def settled(store: Store) -> list[LinkEvent]:
    """File and link everything; the events."""
    while await store.file_waiting(prepare):
        pass
    events: list[LinkEvent] = []
    while more := await store.link_waiting(decide, model="test"):
        events.extend(more)
    return events


def patient(source: str, number: str) -> PatientId:
    """The patient's id."""
    return PatientKey(source, number).id


async def person(store: Store, source: str, number: str) -> PersonId:
    """Who that patient is."""
    found = await store.person_of(patient(source, number))
    assert found is not None
    return found


def ask(person: PersonId | None, **more: object) -> Ask:
    """A doctor's look at a record."""
    return Ask(
        actor=DOCTOR,
        purpose=Purpose.DIRECT_CARE,
        person=person,
        **{"view": View.RECORD} | more,  # type: ignore[arg-type]
    )


def allow(_: Ask, __: Facts) -> Verdict:
    """Yes."""
    return Verdict(allowed=True, rule=1, reason="because")


def refuse(_: Ask, __: Facts) -> Verdict:
    """No."""
    return Verdict(allowed=False, rule=0, reason="no rule allows this")
