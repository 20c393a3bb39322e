"""Statements for the fold's tests, short enough to be read as tables. All people are made up."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from wholerecord.fold import Entry, Kind, Record
from wholerecord.record import MessageId, PatientId, Statement, canonical

SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
LOINC = "http://loinc.org"
RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)
#: A patient number for each source of the tests: one person, several sources.
PATIENTS = {name: PatientId(n) for n, name in enumerate(("gp", "acute", "mh", "pharmacy", "lab"))}


def statement(
    source: str, kind: str, body: dict[str, Any] | bytes, *, t: int = 1, n: int = 0
) -> Statement:
    """One statement of `source` about the person."""
    if isinstance(body, dict):
        body = canonical({"resourceType": kind, **body})
    return Statement(
        patient=PATIENTS[source],
        source=source,
        t=t,
        n=n,
        kind=kind,
        message=MessageId(t),
        place=f"entry[{n}]",
        received=RECEIVED.replace(day=min(t, 28)),
        body=body,
    )


def coded(words: str = "", **codes: str) -> dict[str, Any]:
    """A CodeableConcept: `coded("Stroke", snomed="230690007")`."""
    systems = {"snomed": SNOMED, "icd10": ICD10, "loinc": LOINC}
    coding = [{"system": systems[name], "code": code} for name, code in codes.items()]
    return {**({"coding": coding} if coding else {}), **({"text": words} if words else {})}


def condition(
    source: str, id: str, words: str, when: str = "", *, t: int = 1, n: int = 0, **more: Any
) -> Statement:
    """A confirmed condition; `codes` and other fields by keyword."""
    codes = more.pop("codes", {})
    body = {"id": id, "code": coded(words, **codes), **more}
    if when:
        body["onsetDateTime"] = when
    return statement(source, "Condition", body, t=t, n=n)


def status(code: str) -> dict[str, Any]:
    """A status as a CodeableConcept."""
    return {"coding": [{"code": code}]}


def allergy(source: str, id: str, words: str, *, t: int = 1, n: int = 0, **more: Any) -> Statement:
    """An allergy."""
    codes = more.pop("codes", {})
    return statement(
        source, "AllergyIntolerance", {"id": id, "code": coded(words, **codes), **more}, t=t, n=n
    )


def order(
    source: str, id: str, words: str, when: str = "2026-01-02", *, n: int = 0, **more: Any
) -> Statement:
    """An order for a medicine, active unless said otherwise."""
    return statement(
        source,
        "MedicationRequest",
        {
            "id": id,
            "status": "active",
            "intent": "order",
            "authoredOn": when,
            "medicationCodeableConcept": coded(words, **more.pop("codes", {})),
            **more,
        },
        n=n,
    )


def result(
    source: str, id: str, code: str, value: float | None, when: str, *, t: int = 1, **more: Any
) -> Statement:
    """A laboratory result by LOINC code."""
    unit = more.pop("unit", "mmol/L")
    body: dict[str, Any] = {
        "id": id,
        "status": "final",
        "category": [coded_as("laboratory")],
        "code": coded(loinc=code),
        "effectiveDateTime": when,
        **more,
    }
    if value is not None:
        body["valueQuantity"] = {"value": value, "unit": unit}
    return statement(source, "Observation", body, t=t)


def coded_as(code: str, system: str = "") -> dict[str, Any]:
    """A category."""
    return {"coding": [{"system": system, "code": code} if system else {"code": code}]}


def one(record: Record, kind: Kind) -> Entry:
    """The only entry of a kind."""
    (entry,) = record.of(kind)
    return entry


def places(record: Record) -> int:
    """In how many places statements stand: equal to their number when the sum holds."""
    return (
        sum(len(entry.said_by) for entry in record.entries)
        + len(record.negatives)
        + (len(record.who.said_by) if record.who else 0)
        + len(record.superseded)
        + len(record.parked)
    )


def titles(entries: Sequence[Entry]) -> list[str]:
    """The titles, sorted."""
    return sorted(entry.title for entry in entries)
