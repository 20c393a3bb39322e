"""How long it takes to read, block and decide about a patient: `python -m benchmarks.people`."""

import json
import random
from collections.abc import Callable
from time import perf_counter

from benchmarks.machine import machine, spread
from wholerecord.nhs import NhsNumber
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM
from wholerecord.people import Candidate, Demographics, from_patient, keys
from wholerecord.people.decide import decide
from wholerecord.people.weigh import weigh
from wholerecord.record import PatientId, PersonId

_FAMILIES = ["Smith", "Smyth", "Okafor", "Khan", "Smith-Jones", "O'Neill", "van der Berg", "Patel"]
_GIVENS = ["Ann", "Grace Amara", "William", "Bill", "Mohammed Ali", "Baby", "Katherine", "Sean"]
_BATCH, _REPEATS = 1000, 20


def main() -> None:
    print(machine())
    draw = random.Random(42)
    bodies = [_body(draw) for _ in range(_BATCH)]
    said = [from_patient(body) for body in bodies]
    pairs = list(zip(said, said[1:] + said[:1], strict=True))
    known = [_candidates(draw, said, n) for n in range(_BATCH)]
    _measure("read a FHIR Patient", lambda: [from_patient(body) for body in bodies])
    _measure("blocking keys of a patient", lambda: [keys(each) for each in said])
    _measure("weigh a pair", lambda: [weigh(one, other) for one, other in pairs])
    _measure(
        "decide, per candidate (10 each)",
        lambda: [decide(each, known[n]) for n, each in enumerate(said)],
        each=10,
    )


def _measure(what: str, run: Callable[[], object], *, each: int = 1) -> None:
    seconds: list[float] = []
    for _ in range(_REPEATS):
        start = perf_counter()
        run()
        seconds.append((perf_counter() - start) / _BATCH / each)
    print(f"{what}: {spread(seconds, 1e6, 'µs')}, batches of {_BATCH}")


def _candidates(draw: random.Random, said: list[Demographics], n: int) -> list[Candidate]:
    """Ten patients of five persons, the newcomer's own words among them."""
    others = [said[n], *draw.sample(said, 9)]
    return [
        Candidate(patient=PatientId(i), person=PersonId(str(i % 5)), demographics=each)
        for i, each in enumerate(others)
    ]


def _body(draw: random.Random) -> bytes:
    """A made-up patient; the number is from the range that belongs to nobody."""
    nine = f"999{draw.randrange(10**6):06}"
    number = f"{nine}{NhsNumber.check_digit(nine) % 10}"
    return json.dumps(
        {
            "resourceType": "Patient",
            "name": [{"family": draw.choice(_FAMILIES), "given": draw.choice(_GIVENS).split()}],
            "birthDate": f"19{draw.randrange(30, 99)}-{draw.randrange(1, 13):02}-01",
            "gender": draw.choice(["male", "female"]),
            "identifier": [{"system": NHS_NUMBER_SYSTEM, "value": number}],
            "address": [{"line": ["1 The Lane"], "postalCode": f"LS{draw.randrange(1, 9)} 9JT"}],
            "telecom": [{"system": "phone", "value": f"07700 900{draw.randrange(1000):03}"}],
        }
    ).encode()


if __name__ == "__main__":
    main()
