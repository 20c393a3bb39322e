"""GP2GP extracts against GP Connect's FHIR of the same records: statements agreed and differing.

    .venv/bin/python -m benchmarks.gp2gp ../shared/data

Both are read by the readers of this project; what each says of one thing (its kind, its words, its
day, its value) is compared as a whole. `docs/reference/readers/gp2gp.md` explains the differences.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wholerecord.intake import fhir, hl7v3
from wholerecord.intake.reading import Kept, Reading
from wholerecord.record import MessageId, read_json

#: Types that both forms have. Lists, Medications and MedicationStatements are GP Connect's own.
KINDS = (
    "AllergyIntolerance",
    "Condition",
    "DiagnosticReport",
    "DocumentReference",
    "Encounter",
    "Immunization",
    "MedicationRequest",
    "Observation",
    "ServiceRequest",
    "Specimen",
)
_DAYS = (
    "effectiveDateTime",
    "effectivePeriod",
    "onsetDateTime",
    "onsetPeriod",
    "occurrenceDateTime",
    "occurrencePeriod",
    "period",
    "issued",
    "date",
    "recordedDate",
)


def pairs(data: Path) -> Iterator[tuple[str, Counter[Any], Counter[Any]]]:
    """(name, what the extract says, what GP Connect says) of each record that is in both."""
    for extract in sorted((data / "gp-connect-records/output").rglob("*.xml")):
        twin = Path(str(extract).replace("/output/", "/input/")).with_suffix(".json")
        yield (
            extract.stem.split("_")[1],
            _facts(hl7v3.read(_kept(extract))),
            _facts(fhir.read(_kept(twin))),
        )


def _kept(path: Path) -> Kept:
    return Kept(
        message=MessageId(1),
        source="gp",
        name="",
        body=path.read_bytes(),
        received=datetime.now(UTC),
    )


def _facts(reading: object) -> Counter[Any]:
    assert isinstance(reading, Reading)  # noqa: S101 - a published record is read
    sayings = [one for patient in reading.patients for one in patient.sayings]
    bodies = {f"{one.kind}/{read_json(one.body)['id']}": read_json(one.body) for one in sayings}
    return Counter(
        fact
        for address, body in bodies.items()
        if (kind := address.partition("/")[0]) in KINDS
        for fact in _fact(kind, body, bodies)
    )


def _fact(kind: str, body: Any, bodies: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    code = body.get("vaccineCode") or body.get("medicationCodeableConcept") or body.get("code")
    if reference := body.get("medicationReference", {}).get("reference"):
        code = bodies.get(reference, {}).get("code")
    words = _words(code or {}) if kind not in {"DocumentReference", "Specimen"} else ""
    if kind == "Immunization":
        words = _words({"text": (code or {}).get("text", "")})
    if kind == "DiagnosticReport":
        words = ""
    day = next((_day(body[name]) for name in _DAYS if name in body), "")
    if kind == "MedicationRequest":
        day = _day(body.get("dispenseRequest", {}).get("validityPeriod", {}))
        words = f"{body.get('intent')} {words}"
    if kind == "Specimen":
        day = _day(body.get("collection", {}).get("collectedDateTime", ""))
    yield kind, words, day, _value(body)
    for part in body.get("component", ()):
        yield "component", "", day, _value(part)


def _words(code: Any) -> str:
    said = [one.get("display") for one in code.get("coding", ()) if one.get("display")]
    return re.sub(r"\W+", " ", (said or [code.get("text", "")])[0]).strip().lower()


def _day(said: Any) -> str:
    return (said.get("start", "") if isinstance(said, dict) else said)[:10]


def _value(body: Any) -> str:
    quantity = body.get("valueQuantity", {})
    if "value" in quantity:
        amount = f"{float(quantity['value']):g}"
        return f"{quantity.get('comparator', '')}{amount} {quantity.get('unit', '')}".strip()
    return ""


def main(data: Path) -> None:
    """Print a row for each type, then what differs, as many as each is."""
    agreed, worded = Counter[str](), Counter[str]()
    ours, theirs = Counter[str](), Counter[str]()
    examples = Counter[tuple[str, ...]]()
    for _, extract, twin in pairs(data):
        for fact, n in (extract & twin).items():
            worded[fact[0]] += n
        first, second = _unworded(extract), _unworded(twin)
        for fact, n in (first & second).items():
            agreed[fact[0]] += n
        for side, only, sign in ((ours, first - second, "+"), (theirs, second - first, "-")):
            for fact, n in only.items():
                side[fact[0]] += n
                examples[sign, *fact] += n
    print("| statements | agreed | in the same words | only in GP2GP | only in GP Connect |")
    print("|---|---:|---:|---:|---:|")
    for kind in (*KINDS, "component"):
        counts = (agreed[kind], worded[kind], ours[kind], theirs[kind])
        print(f"| {kind} | {' | '.join(f'{n:,}' for n in counts)} |")
    if "--differing" in sys.argv:
        for fact in sorted(examples):
            print(examples[fact], fact)


def _unworded(facts: Counter[Any]) -> Counter[Any]:
    """The same facts by kind, day and value: two systems word one code differently."""
    found: Counter[Any] = Counter()
    for (kind, _, *rest), n in facts.items():
        found[kind, *rest] += n
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
