"""What software made, said so on every statement: until a named professional attests it.

Source: HL7 v3 ObservationValue, `AIAST` (asserted by artificial intelligence), as a security label
on the resource; the HL7 AI Transparency on FHIR guide uses it so.
"""

from typing import Any

from wholerecord.intake.reading import PatientReading, Reading
from wholerecord.record import Saying, canonical, read_json

BY_SOFTWARE = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "AIAST",
    "display": "Artificial Intelligence asserted",
}


def by_software(reading: Reading) -> Reading:
    """`reading` with every statement but who somebody is marked as made by software."""
    return Reading(
        patients=tuple(
            PatientReading(about=one.about, sayings=tuple(_marked(each) for each in one.sayings))
            for one in reading.patients
        ),
        directory=reading.directory,
        merges=reading.merges,
        faults=reading.faults,
    )


def _marked(saying: Saying) -> Saying:
    if saying.kind == "Patient":
        return saying
    body: dict[str, Any] = read_json(saying.body)
    meta: dict[str, Any] = body.get("meta") or {}
    security = [*meta.get("security", ()), BY_SOFTWARE]
    body["meta"] = {**meta, "security": security}
    return Saying(kind=saying.kind, body=canonical(body), place=saying.place)
