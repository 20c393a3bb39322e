"""Prints how long one person's fold takes, per statement: `python -m benchmarks.fold`.

A made-up person with the mix a hospital and a practice send: seven in ten are observations.
Each figure is a whole fold in one process, processor time and wall time. Then, in the same run, the
same person's record goes on by a hundred messages: of a result, of five results, and of one
statement of any kind; beside a fold of everything anew, which must give an equal record.
"""

import gc
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from typing import Any

from msgspec.structs import replace

from benchmarks.machine import machine, spread
from wholerecord.fold import Onward, fold
from wholerecord.record import MessageId, PatientId, Statement, canonical
from wholerecord.terms import CONCEPTS, Concept

START = datetime(2015, 1, 1, tzinfo=UTC)
SYSTEMS = {"snomed": "http://snomed.info/sct", "loinc": "http://loinc.org"}
SOURCES = ("gp", "acute", "mental-health", "community", "pharmacy")


def coded(draw: Random, kind: str) -> dict[str, Any]:
    concept: Concept = draw.choice([c for c in CONCEPTS.values() if c.kind == kind and c.codes])
    name, codes = next(iter(concept.codes.items()))
    coding = {"system": SYSTEMS.get(name, name), "code": codes[0], "display": concept.title}
    return {"coding": [coding], "text": concept.title}


def observation(draw: Random, at: str) -> tuple[str, dict[str, Any]]:
    category = draw.choice(("laboratory", "vital-signs"))
    return "Observation", {
        "status": "final",
        "category": [{"coding": [{"system": "urn:category", "code": category}]}],
        "code": coded(draw, "test"),
        "effectiveDateTime": at,
        "issued": at,
        "subject": {"reference": "Patient/1"},
        "performer": [{"reference": "Organization/1", "display": "Northgate Pathology"}],
        "valueQuantity": {
            "value": draw.randrange(10, 900) / 10,
            "unit": "mmol/L",
            "system": "http://unitsofmeasure.org",
            "code": "mmol/L",
        },
        "referenceRange": [{"low": {"value": 3.5}, "high": {"value": 5.3}}],
    }


def rest(draw: Random, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield (
        "Condition",
        {"code": coded(draw, "condition"), "onsetDateTime": at[:10], "recordedDate": at},
    )
    yield (
        "MedicationRequest",
        {
            "status": draw.choice(("active", "completed")),
            "medicationCodeableConcept": coded(draw, "medicine"),
            "authoredOn": at,
            "dosageInstruction": [{"text": "one a day"}],
        },
    )
    yield (
        "Encounter",
        {
            "status": "finished",
            "class": {"code": "AMB"},
            "period": {"start": at, "end": at},
            "serviceProvider": {"display": "Northgate Hospital"},
        },
    )
    yield "Procedure", {"code": coded(draw, "procedure"), "performedDateTime": at}
    yield "Immunization", {"vaccineCode": coded(draw, "vaccine"), "occurrenceDateTime": at[:10]}
    yield "AllergyIntolerance", {"code": coded(draw, "allergy"), "recordedDate": at}
    yield (
        "DocumentReference",
        {"type": {"text": "Letter"}, "date": at, "content": [{"attachment": {"url": "x"}}]},
    )


def person(count: int) -> list[Statement]:
    draw = Random(7)
    made: list[Statement] = []
    for n in range(count):
        moment = START + timedelta(minutes=draw.randrange(5_000_000))
        at = moment.isoformat()
        others = list(rest(draw, at))
        kind, body = observation(draw, at) if draw.random() < 0.7 else draw.choice(others)
        source = draw.randrange(len(SOURCES))
        body |= {"resourceType": kind, "id": f"r{n}", "meta": {"lastUpdated": at}}
        made.append(
            Statement(
                patient=PatientId(source),
                source=SOURCES[source],
                t=1 + n // 20,
                n=n % 20,
                kind=kind,
                message=MessageId(n // 20),
                place=f"entry[{n % 20}]",
                received=moment,
                body=canonical(body),
            )
        )
    return made


def timed(work: Callable[[], object], clock: Callable[[], float]) -> float:
    before = clock()
    made = work()
    took = clock() - before
    del made
    return took


def later(count: int, size: int, *, results: bool) -> list[list[Statement]]:
    """A hundred messages of `size` statements each, said after all that `person(count)` gives."""
    kinds = ("Observation",) if results else ("Condition", "MedicationRequest", "Encounter")
    more = [one for one in person(count + 5000)[count:] if one.kind in kinds][: 100 * size]
    first = 1 + (count + 5000) // 20
    return [
        [
            replace(one, t=first + n, n=m, patient=PatientId(0), source=SOURCES[0])
            for m, one in enumerate(more[n * size : (n + 1) * size])
        ]
        for n in range(len(more) // size)
    ]


def go_on(count: int) -> None:
    """Prints how long a record of `count` statements takes to go on."""
    for what, size, results in (
        ("a result", 1, True),
        ("five results", 5, True),
        ("a condition, medicine or encounter", 1, False),
    ):
        said = person(count)
        onward = Onward(said)
        messages = later(count, size, results=results)
        first = timed(lambda onward=onward, new=messages[0]: onward.further(new), time.process_time)
        took = [
            timed(lambda onward=onward, new=new: onward.further(new), time.process_time)
            for new in messages[1:]
        ]
        every = [*said, *(one for new in messages for one in new)]
        whole = timed(lambda every=every: fold(every), time.process_time)
        print(f"  gone on by {what:<34} {spread(took)}; the first time {first * 1000:.1f} ms")
        same = "equal" if onward.record == fold(every) else "NOT EQUAL"
        print(f"    all anew {whole * 1000:.1f} ms, {whole / median(took):.0f} times that; {same}")


def main() -> None:
    print(machine())
    for count in (2000, 10000):
        statements = person(count)
        size = sum(len(one.body) for one in statements) / count
        gc.collect()
        first = timed(lambda said=statements: fold(said), time.perf_counter)
        wall = [timed(lambda said=statements: fold(said), time.perf_counter) for _ in range(15)]
        cpu = [timed(lambda said=statements: fold(said), time.process_time) for _ in range(15)]
        print(f"{count} statements of {size:.0f} bytes: first {first * 1000:.1f} ms")
        print(f"  wall      {spread(wall)}")
        print(f"  processor {spread(cpu)}; {min(cpu) / count * 1e6:.1f} us per statement at best")
        go_on(count)


if __name__ == "__main__":
    main()
