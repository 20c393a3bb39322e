"""The region as the demo's tests see it: made once, read once by the real readers."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from wholerecord.demo import Region, make
from wholerecord.fold import Record, fold
from wholerecord.intake.reading import Fault, Kept, Reading, Unreadable
from wholerecord.intake.recognise import read
from wholerecord.record import MessageId, PatientKey, Statement

TODAY = date(2026, 11, 1)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What reading every delivery gave, without a store."""

    readings: dict[str, Reading | Unreadable]
    statements: dict[tuple[str, str], list[Statement]]
    faults: list[tuple[str, str, Fault]]


@cache
def region() -> Region:
    """The stories' people and some others: few enough to be quick."""
    return make(seed=1, people=70, today=TODAY)


@cache
def loaded() -> Loaded:
    """Every delivery of `region()`, read as intake reads it."""
    columns = {source.name: source.columns for source in region().sources}
    found = Loaded({}, {}, [])
    t: Counter[PatientKey] = Counter()
    for n, delivery in enumerate(region().deliveries):
        reading = read(
            Kept(
                message=MessageId(n),
                source=delivery.source,
                name=delivery.name,
                body=delivery.body,
                received=delivery.sent,
                columns=columns[delivery.source],
            )
        )
        found.readings[delivery.name] = reading
        if isinstance(reading, Unreadable):
            found.faults.append((delivery.source, delivery.name, reading.fault))
            continue
        found.faults.extend((delivery.source, delivery.name, each) for each in reading.faults)
        for patient in reading.patients:
            t[patient.about] += 1
            told = found.statements.setdefault((patient.about.source, patient.about.number), [])
            told += (
                Statement(
                    patient=patient.about.id,
                    source=delivery.source,
                    t=t[patient.about],
                    n=place,
                    kind=saying.kind,
                    message=MessageId(n),
                    place=saying.place,
                    received=delivery.sent,
                    body=saying.body,
                )
                for place, saying in enumerate(patient.sayings)
            )
    return found


def human(name: str) -> dict[str, Any]:
    """What the truth says of the human of that name, of whom there is one."""
    (person,) = (each for each in region().truth["people"] if each["name"] == name)
    return person


def told_of(person: dict[str, Any]) -> list[Statement]:
    """Everything every source says of that human."""
    return [
        statement
        for source, number in person["patients"]
        for statement in loaded().statements[source, number]
    ]


@cache
def record_of(name: str) -> Record:
    """Their one record, if everybody is linked as they truly are."""
    return fold(told_of(human(name)))
