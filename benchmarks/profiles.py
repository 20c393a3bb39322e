"""What holding a resource against a profile costs, beside checking its type alone.

    .venv/bin/python -m benchmarks.profiles DEFINITIONS_FOLDER EXAMPLES_FOLDER

The folders are a published package's: its definitions and its examples, JSON or XML. Each example
is held against the profile that its file is named after; a figure is resources a second, one core.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.machine import machine
from wholerecord.fhir.formats import from_xml
from wholerecord.fhir.problem import Problem
from wholerecord.fhir.profiles import Definition, NotADefinition, read
from wholerecord.fhir.profiles.check import Check
from wholerecord.fhir.profiles.shelf import Shelf
from wholerecord.fhir.validation import checked
from wholerecord.fhir.validation.places import Found
from wholerecord.record import read_json

_ROUNDS, _TIMES = 7, 10
_Held = tuple[dict[str, Any], Check]


def files(folder: Path) -> list[bytes]:
    return [one.read_bytes() for name in ("*.xml", "*.json") for one in sorted(folder.rglob(name))]


def definitions(folder: Path) -> list[Definition]:
    found: list[Definition] = []
    for raw in files(folder):
        try:
            found.append(read(raw))
        except NotADefinition:
            continue
    return found


def examples(folder: Path, shelf: Shelf) -> list[_Held]:
    """Each example with the check of the profile its file is named after."""
    by_name = {url.rpartition("/")[2]: url for url in shelf.held if "|" not in url}
    held: list[_Held] = []
    for file in sorted(folder.iterdir()):
        names = [name for name in by_name if file.name.startswith(f"{name}-")]
        check = shelf.check(by_name[max(names, key=len)]) if names else None
        try:
            raw = file.read_bytes()
            value = read_json(raw if raw.lstrip()[:1] == b"{" else from_xml(raw))
        except Problem:
            continue
        if check is not None and not checked(value["resourceType"], value).wrong:
            held.append((value, check))
    return held


def rate(work: Callable[[dict[str, Any], Check], object], held: list[_Held]) -> list[float]:
    rounds: list[float] = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        for _ in range(_TIMES):
            for resource, check in held:
                work(resource, check)
        rounds.append(_TIMES * len(held) / (time.perf_counter() - start))
    return rounds


def by_type(resource: dict[str, Any], _: Check) -> object:
    return checked(resource["resourceType"], resource)


def by_profile(resource: dict[str, Any], check: Check) -> object:
    check(resource, resource["resourceType"], Found(root=resource))
    return None


def main() -> None:
    """Measure, and print."""
    shelf = Shelf.of(definitions(Path(sys.argv[1])))
    held = examples(Path(sys.argv[2]), shelf)
    for resource, check in held:  # made once
        by_profile(resource, check)
    print(machine())
    print(f"{len(held)} examples, {_ROUNDS} rounds of {_TIMES}")
    found = {"type": rate(by_type, held), "profile": rate(by_profile, held)}
    for name, rounds in found.items():
        print(f"{name:8} {median(rounds):9,.0f} resources/s  {[round(one) for one in rounds]}")
    print(f"ratio {median(found['profile']) / median(found['type']):.1f}")


if __name__ == "__main__":
    main()
