"""What checking a resource costs: an Observation as laboratories send them, beside `fhirclient`.

    .venv/bin/python -m benchmarks.fhir_validation

`fhirclient` (SMART's model classes) checks elements, how many and types, and no codes, references
or invariants. Both are given JSON that is decoded already.
"""

import json
import time
from collections.abc import Callable
from statistics import median

from fhirclient.models.observation import Observation

from benchmarks.fhir import observation
from benchmarks.machine import machine
from wholerecord.fhir.validation import wrong
from wholerecord.record import read_json

_TIMES, _ROUNDS = 2_000, 7


def microseconds(work: Callable[[], object]) -> list[float]:
    """Of one call, in each round."""
    rounds: list[float] = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        for _ in range(_TIMES):
            work()
        rounds.append((time.perf_counter() - start) / _TIMES * 1e6)
    return rounds


def main() -> None:
    """Measure, and print."""
    raw = json.dumps(observation(3, "Patient/1")).encode()
    ours, theirs = read_json(raw), json.loads(raw)
    print(machine())
    print(f"an Observation of {len(raw)} bytes, {_ROUNDS} rounds of {_TIMES}")
    found = {
        "wholerecord": microseconds(lambda: wrong("Observation", ours)),
        "fhirclient": microseconds(lambda: Observation(theirs)),
    }
    for name, rounds in found.items():
        print(f"{name:12} {median(rounds):8.1f} µs  {[round(one, 1) for one in rounds]}")
    print(f"ratio {median(found['fhirclient']) / median(found['wholerecord']):.1f}")


if __name__ == "__main__":
    main()
