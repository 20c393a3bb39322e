"""HL7 v2 as we read it, beside the FHIR another converter makes of the same messages.

    .venv/bin/python -m benchmarks.hl7_oracles ../shared/data

The expected FHIR is that of microsoft/FHIR-Converter. Of every resource both make, each leaf of the
expected one is looked for in ours: *agreed* where the same path says the same, *elsewhere* where
another path of the same resource says it, *otherwise* where the path says something else, *not
said* where nothing does. Ids, references and narrative are not compared: they are each program's
own. `docs/reference/readers/hl7v2.md` explains each class of difference.
"""

import json
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from wholerecord.intake import Kept, Reading
from wholerecord.intake.hl7v2 import read
from wholerecord.record import MessageId, read_json

KINDS = (
    *("Patient", "Encounter", "RelatedPerson", "AllergyIntolerance", "Condition", "Procedure"),
    *("Observation", "DiagnosticReport", "ServiceRequest", "DocumentReference", "Appointment"),
    *("MedicationRequest", "MedicationDispense", "MedicationAdministration", "Immunization"),
)
_OWN = frozenset({"id", "reference", "div", "resourceType", "meta", "fullUrl"})
Leaf = tuple[str, str]


@dataclass(slots=True)
class Compared:
    """What was found of one kind of resource. `paths` counts (class, path)."""

    expected: int = 0
    made: int = 0
    classes: Counter[str] = field(default_factory=Counter[str])
    paths: Counter[Leaf] = field(default_factory=Counter[Leaf])


def leaves(said: Any, path: str = "") -> Iterator[Leaf]:
    """(path, value as text) of every leaf; an array's members share its path."""
    if isinstance(said, dict):
        body: dict[str, Any] = said
        for key, value in body.items():
            if key not in _OWN:
                yield from leaves(value, f"{path}.{key}" if path else key)
    elif isinstance(said, list):
        members: list[Any] = said
        for member in members:
            yield from leaves(member, path)
    elif said not in (None, ""):
        yield path, _plain(said)


def _plain(said: Any) -> str:
    """As text: numbers without a sign of precision, times as in Greenwich."""
    text = str(said).strip()
    try:
        return str(float(text)) if not isinstance(said, bool) else text.lower()
    except ValueError:
        pass
    if len(text) > 15 and text[4:5] == "-" and text[10:11] == "T":
        try:
            return datetime.fromisoformat(text).astimezone(UTC).isoformat()[:19]
        except ValueError:
            return text[:19]
    return text.lower()


def pairs(data: Path) -> Iterator[tuple[str, list[dict[str, Any]], Reading]]:
    """(message's name, the resources expected, our reading) of each message that both have."""
    folder = data / "hl7v2" / "microsoft+FHIR-Converter"
    sent = {path.stem: path for path in folder.rglob("*") if path.is_file()}
    with zipfile.ZipFile(data / "hl7v2-oracles" / "ms-fhir-converter-expected.zip") as archive:
        for entry in sorted(archive.namelist()):
            name = PurePosixPath(entry).name.removesuffix("-expected.json")
            if "/Hl7v2/" not in entry or name not in sent:
                continue
            bundle = json.loads(archive.read(entry).decode("utf-8-sig"))
            reading = read(
                Kept(
                    message=MessageId(1),
                    source="oracle",
                    name=name,
                    body=sent[name].read_bytes(),
                    received=datetime(2026, 1, 1, tzinfo=UTC),
                )
            )
            if isinstance(reading, Reading):
                yield name, [each["resource"] for each in bundle["entry"]], reading


def compare(data: Path) -> tuple[int, dict[str, Compared], Counter[str]]:
    """How many messages both read, each kind compared, and what only the other makes."""
    kinds = {kind: Compared() for kind in KINDS}
    others: Counter[str] = Counter()
    messages = 0
    for _, expected, reading in pairs(data):
        messages += 1
        ours: dict[str, list[set[Leaf]]] = {}
        for patient in reading.patients:
            for saying in patient.sayings:
                ours.setdefault(saying.kind, []).append(set(leaves(read_json(saying.body))))
        for resource in expected:
            kind = resource["resourceType"]
            if kind not in kinds:
                others[kind] += 1
                continue
            kinds[kind].expected += 1
            said = set(leaves(resource))
            if mine := _nearest(said, ours.get(kind, [])):
                kinds[kind].made += 1
                _classify(said, mine, kinds[kind])
    return messages, kinds, others


def _nearest(said: set[Leaf], ours: list[set[Leaf]]) -> set[Leaf] | None:
    """The resource that says most of the same, used once."""
    if not ours:
        return None
    best = max(range(len(ours)), key=lambda n: len(said & ours[n]))
    return ours.pop(best)


def _classify(said: set[Leaf], ours: set[Leaf], compared: Compared) -> None:
    paths = {path for path, _ in ours}
    values = {value for _, value in ours}
    for path, value in said:
        if (path, value) in ours:
            sort = "agreed"
        elif value in values:
            sort = "elsewhere"
        elif path in paths:
            sort = "otherwise"
        else:
            sort = "not said"
        compared.classes[sort] += 1
        compared.paths[sort, path] += 1


def main(data: Path) -> None:
    """Print the table, then the commonest paths of each class of difference."""
    messages, kinds, others = compare(data)
    sorts = ("agreed", "elsewhere", "otherwise", "not said")
    print(f"{messages} messages read by both\n")
    print("| resource | expected | made | fields | agreed | elsewhere | otherwise | not said |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    total: Counter[str] = Counter()
    for kind, each in kinds.items():
        if each.expected:
            total += each.classes
            row = " | ".join(f"{each.classes[sort]:,}" for sort in sorts)
            fields = each.classes.total()
            print(f"| {kind} | {each.expected} | {each.made} | {fields:,} | {row} |")
    row = " | ".join(f"{total[sort]:,}" for sort in sorts)
    print(f"| all | | | {total.total():,} | {row} |")
    names = ", ".join(f"{name} {n:,}" for name, n in others.most_common())
    print(f"\nOnly in the expected FHIR: {names}")
    for sort in sorts[1:]:
        paths = Counter(
            {(k, p): n for k, e in kinds.items() for (s, p), n in e.paths.items() if s == sort}
        )
        print(f"\n{sort}: " + ", ".join(f"{k}.{p} {n}" for (k, p), n in paths.most_common(25)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
