"""FHIR search over one person's resources: `python -m benchmarks.fhir_search`.

A made-up person with 3,000 Observations, in processor time of one core. *Found* is a potassium of
the last year, newest first, from query text to matches: with nothing worked out yet, and again
as a second search finds them. *By FHIRPath* is the same question put to each resource by
fhirpathpy, from the published expressions. *Parameters* is what all of an Observation's parameters
hold, for one resource.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from fhirpathpy import compile as compile_path
from fhirpathpy.models import models

from benchmarks.machine import machine, spread
from wholerecord.fhir.search import Around, Held, World, read, select
from wholerecord.fhir.search.definitions import of_type

_MANY, _RUNS = 3_000, 7
_AROUND = Around(now=datetime(2026, 7, 1, tzinfo=UTC), value_set=lambda _: lambda *_: False)
_ASKED = (
    ("code", "http://loinc.org|2823-3"),
    ("date", "ge2026"),
    ("_sort", "-date"),
    ("_count", "20"),
)
_CODES = ("2823-3", "2951-2", "14682-9", "718-7", "4544-3", "6690-2")


def observation(n: int) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": str(n),
        "status": "final",
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": _CODES[n % 6]}], "text": "A"},
        "subject": {"reference": "Patient/1"},
        "effectiveDateTime": f"{2016 + n % 11}-0{1 + n % 9}-1{n % 10}T09:15:00Z",
        "valueQuantity": {
            "value": Decimal(n % 100) / 10,
            "unit": "mmol/L",
            "system": "http://unitsofmeasure.org",
            "code": "mmol/L",
        },
    }


def timed(work: Callable[[], Any]) -> list[float]:
    taken: list[float] = []
    for _ in range(_RUNS):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return taken


def main() -> None:
    print(machine())
    resources = [observation(n) for n in range(_MANY)]
    warm = World.of(resources)

    def ask(world: World) -> list[Held]:
        return select(read("Observation", _ASKED, _AROUND), world)

    code = compile_path("Observation.code.coding", models["r4"])
    date = compile_path("Observation.effective", models["r4"])

    def by_path() -> list[dict[str, Any]]:
        return [
            one
            for one in resources
            if any(coding["code"] == "2823-3" for coding in code(one))
            and any(str(when) >= "2026" for when in date(one))
        ]

    if {held.id for held in ask(warm)} != {one["id"] for one in by_path()}:
        sys.exit("The two do not find the same.")
    cold, again, paths = (
        timed(lambda: ask(World.of(resources))),
        timed(lambda: ask(warm)),
        timed(by_path),
    )
    print(f"found, first  {spread(cold)}")
    print(f"found, again  {spread(again)}")
    print(f"by FHIRPath   {spread(paths)}, {min(paths) / min(cold):.0f} times the first")
    every = [
        one for one in of_type("Observation").values() if one.name not in ("_text", "_content")
    ]

    def parameters() -> None:
        held = Held(resources[0])
        for one in every:
            held.values(one)

    taken = timed(lambda: [parameters() for _ in range(200)])
    print(f"{len(every)} parameters {min(taken) / 200 * 1e6:.0f} us (best of {_RUNS})")


if __name__ == "__main__":
    sys.exit(main())
