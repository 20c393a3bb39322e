"""One made-up person while their history is told: statements, and the real thing each speaks of."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from benchmarks.labelled.rates import RATES
from wholerecord.record import MessageId, PatientId, Statement, canonical

SYSTEMS = {
    "snomed": "http://snomed.info/sct",
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "loinc": "http://loinc.org",
    "opcs4": "https://fhir.hl7.org.uk/CodeSystem/OPCS-4",
}
SOURCES = ("gp", "acute", "mental-health", "community", "pharmacy")
START, END = date(2010, 1, 1), date(2026, 6, 1)
_RECEIVED = datetime(2026, 7, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Thing:
    """One real thing: `label` is its kind in the tables, `again` what it can be one more of.

    `soon`: of another form, but within 28 days of the one before: no recurrence. (Of the same form
    the WHO MONICA Project counts both as one event, and so does this.)
    Not `known`: an undated "history of" two events or more; nobody can say which, so no table
    counts it.
    """

    n: int
    label: str
    again: str
    soon: bool = False
    known: bool = True


@dataclass(slots=True)
class Telling:
    """A person's statements so far, and for each the thing it speaks of."""

    draw: Random
    number: int
    statements: list[Statement] = field(default_factory=list)
    truth: list[Thing] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)

    def chance(self, rate: str) -> bool:
        """Whether what happens at this rate happens now."""
        return self.draw.random() < RATES[rate]

    def thing(self, label: str, again: str = "", *, soon: bool = False) -> Thing:
        """A new real thing; those with one `again` are recurrences of each other."""
        made = Thing(len(self.things), label, again, soon)
        self.things.append(made)
        return made

    def say(self, thing: Thing, source: str, kind: str, body: dict[str, Any]) -> str:
        """`source` speaks of `thing`; the id of what it said. Sometimes it says so twice."""
        given = body.get("id") or self._one(thing, source, kind, body)
        if body.get("id") or self.chance("said_again"):
            self._one(thing, source, kind, body)
        return given

    def _one(self, thing: Thing, source: str, kind: str, body: dict[str, Any]) -> str:
        n = len(self.statements)
        given = body.get("id") or f"{kind[:3].lower()}{n}"
        self.statements.append(
            Statement(
                patient=PatientId(self.number * len(SOURCES) + SOURCES.index(source)),
                source=source,
                t=1 + n // 20,
                n=n % 20,
                kind=kind,
                message=MessageId(n // 20),
                place=f"entry[{n % 20}]",
                received=_RECEIVED,
                body=canonical({**body, "resourceType": kind, "id": given}),
            )
        )
        self.truth.append(thing)
        return given

    def untold(self, label: str) -> Thing:
        """What a statement speaks of when nobody could say which thing that is."""
        made = Thing(len(self.things), label, "", known=False)
        self.things.append(made)
        return made

    def day(self, first: date = START, last: date = END) -> date:
        """A day between two, both included; the first when they are the wrong way round."""
        return first + timedelta(days=self.draw.randint(0, max((last - first).days, 0)))

    def mistaken(self, day: date) -> date:
        """The day as a source enters it: seldom day and month swapped, or the year before."""
        if not self.chance("wrong_date"):
            return day
        if day.day <= 12 and day.day != day.month:
            return date(day.year, day.day, day.month)
        return date(day.year - 1, day.month, min(day.day, 28))


def coded(words: str = "", **codes: str) -> dict[str, Any]:
    """A CodeableConcept of words and codes by the short names of their systems."""
    coding = [{"system": SYSTEMS[name], "code": code} for name, code in codes.items()]
    return {**({"coding": coding} if coding else {}), **({"text": words} if words else {})}


def category(code: str) -> list[dict[str, Any]]:
    """A category of one code."""
    return [{"coding": [{"code": code}]}]


def moment(draw: Random, day: date) -> str:
    """A moment of the working day, FHIR instant."""
    return f"{day}T{draw.randint(7, 18):02d}:{draw.randint(0, 59):02d}:00Z"
