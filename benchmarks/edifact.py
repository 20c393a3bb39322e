"""UK pathology EDIFACT against the FHIR its publisher expects: fields agreed and differing.

    .venv/bin/python -m benchmarks.edifact ../shared/data

The expected resources are FHIR STU3; they are made R4 by the reader every STU3 message has, then
compared leaf by leaf. Each difference is of a class that `docs/reference/readers/edifact.md`
explains; one of no class is a fault in the reader.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from wholerecord.intake.edifact.read import outcomes
from wholerecord.intake.fhir import stu3
from wholerecord.intake.reading import Fault, Reading
from wholerecord.record import read_json

FOLDER = "pathology-edifact/src/intTest/resources"
#: Paths whose difference is meant, and why: the rows of the page.
CLASSES = (
    (r"MessageHeader\b", "addressing: of the envelope, kept with the message"),
    (r"\w+\.(requester|performer)\b", "a party is named in place, not pointed at"),
    (r"(Practitioner|Organization)\b", "a party without a name or code is left out"),
    (r"Patient\.identifier\.extension", "a number is not called verified"),
    (r"Patient\.identifier\.id", "the laboratory's own number is an identifier"),
    (r"ServiceRequest\.status", "a reported request is not called active"),
    (r"DiagnosticReport\.identifier\.system", "a report's number is its laboratory's own"),
    (r"(Observation|Specimen)\..*coding\.(display|system)", "words without a code are text"),
    (r"Observation\.note", "a result in words is the value"),
    (r"Observation\.interpretation", "a flag is HL7's code"),
    (
        r"\w+\.(issued|receivedTime|collection\.collectedDateTime)",
        "a time is the clock on the wall, in summer too",
    ),
)
_PARTIES = {"Practitioner": "name.text", "Organization": "name"}
_IGNORED = re.compile(r"\w+\.(id|meta|resourceType|text)\b(?!\.)")


def pairs(data: Path) -> Iterator[tuple[str, list[Any], list[Any]]]:
    """(name, our resources, the resources expected) of each message that has both."""
    root = data / FOLDER
    for path in sorted(root.rglob("*.edifact.dat")):
        found = outcomes("lab", path.read_bytes())
        if isinstance(found, Fault):
            continue
        stem = path.name.removesuffix(".edifact.dat")
        for n, outcome in enumerate(found[1], start=1):
            for name in (f"{stem}.{n}", f"{stem}_msg{n}", stem if n == 1 else ""):
                wanted = list(root.rglob(f"{name}.fhir.json")) if name else []
                if wanted and isinstance(outcome.result, Reading):
                    ours = [read_json(s.body) for s in outcome.result.patients[0].sayings]
                    yield name, ours, _expected(wanted[0])
                    break


def _expected(path: Path) -> list[Any]:
    entries = read_json(path.read_bytes())["entry"]
    made: list[Any] = []
    for entry in entries:
        kind, resource = stu3.to_r4(entry["resource"]["resourceType"], entry["resource"])
        made.append({**resource, "resourceType": kind})
    return made


def compare(ours: list[Any], expected: list[Any]) -> Iterator[tuple[str, bool]]:
    """(path, agreed) of every leaf that is expected, resource by resource in their order."""
    taken: Counter[str] = Counter()
    for wanted in expected:
        kind = wanted["resourceType"]
        alike = [one for one in ours if one["resourceType"] == kind]
        n = taken[kind]
        taken[kind] += 1
        said = alike[n] if n < len(alike) else {}
        have = Counter(_named(ours, kind) if kind in _PARTIES else _leaves(said, kind))
        for path, value in _leaves(wanted, kind):
            if _IGNORED.match(path) and not path.endswith("name.text"):
                continue
            agreed = have[path, value] > 0
            have[path, value] -= 1 if agreed else 0
            yield path, agreed


def _named(ours: list[Any], kind: str) -> Iterator[tuple[str, str]]:
    """What our references to parties say of them, under the paths that parties have."""
    for resource in ours:
        asked = (resource.get("requester", {}), *resource.get("supportingInfo", ()))
        for reference in (*asked, *resource.get("performer", ())):
            yield f"{kind}.{_PARTIES[kind]}", reference.get("display", "")
            yield f"{kind}.type.coding.display", reference.get("display", "")
            for name, value in reference.get("identifier", {}).items():
                yield f"{kind}.identifier.{name}", value


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if "reference" in value:
            yield f"{path}.reference", ""
            return
        for key, one in value.items():
            yield from _leaves(one, f"{path}.{key}")
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one, path)
    else:
        yield path, _same(value)


def _same(value: Any) -> str:
    """A value as it compares: a number by its amount, a moment without its fraction."""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return str(Decimal(value).normalize())
    said = str(value)
    return re.sub(r"(T\d\d:\d\d:\d\d)\.0+", r"\1", said)


def class_of(path: str) -> str:
    """The class a difference is of; "" when nobody explained it."""
    return next((why for pattern, why in CLASSES if re.match(pattern, path)), "")


def main(data: Path) -> None:
    """Print the counts, then the classes."""
    agreed, differing, classes, messages = 0, 0, Counter[tuple[str, str]](), 0
    for _, ours, expected in pairs(data):
        messages += 1
        for path, same in compare(ours, expected):
            agreed += same
            if not same:
                differing += 1
                classes[class_of(path) or "not explained", path] += 1
    print(json.dumps({"messages": messages, "agreed": agreed, "differing": differing}))
    for (why, path), n in sorted(classes.items()):
        print(f"{n:5}  {why:45} {path}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
