"""The resources of a summary: as the record serves them, made to stand in a document.

What the guide demands and nobody said is given as unknown, never made up. References are to
`urn:uuid:` addresses within the document, so that it means the same wherever it is taken.
"""

from hashlib import blake2b
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from wholerecord.fhir.record.entries import BY_SOFTWARE
from wholerecord.fhir.record.entries import entry as as_fhir
from wholerecord.fhir.record.patient import patient
from wholerecord.fhir.record.said_by import HL7, Json, said_by, without_empty
from wholerecord.fold import Entry, Kind, Negative, Record
from wholerecord.record import PersonId

UNKNOWN = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            "valueCode": "unknown",
        }
    ]
}
_NONE_OF = {
    Kind.ALLERGY: ("AllergyIntolerance", "allergyintolerance-clinical", "code"),
    Kind.CONDITION: ("Condition", "condition-clinical", "code"),
    Kind.MEDICINE: ("MedicationStatement", "", "medicationCodeableConcept"),
}


#: Where a type says when, which the guide demands to be said.
_WHEN = {
    "MedicationStatement": "effectiveDateTime",
    "Observation": "effectiveDateTime",
    "Procedure": "performedDateTime",
    "DeviceUseStatement": "timingDateTime",
}
_VALUES = frozenset({"valueQuantity", "valueString", "component"})


def address(kind: str, id: str) -> str:
    """Where the document has a resource: always the same for the same thing."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'https://wholerecord.example/{kind}/{id}')}"


def subject(person: PersonId, record: Record) -> Json:
    """The Patient. A name and a date of birth that nobody said are unknown."""
    found = patient(person, record)
    if not found.get("name"):
        found["name"] = [UNKNOWN]
    if "birthDate" not in found:
        found["_birthDate"] = UNKNOWN
    return found


def resource(person: PersonId, one: Entry, section: str) -> Json:
    """The entry, as its section has it."""
    found = _device(person, one) if section == "devices" else as_fhir(person, one)
    _complete(found)
    return _about(found, address("Patient", person))


def denial(person: PersonId, negative: Negative) -> Json:
    """That one source says there is none, as that source's statement."""
    said = negative.said
    kind, clinical, coded = _NONE_OF[negative.kind]
    name = f"{said.patient}\0{said.kind}\0{said.id}".encode()
    codings = [
        without_empty({"system": code.system, "code": code.code, "display": code.display})
        for code in said.codes
    ]
    found: Json = {
        "resourceType": kind,
        "id": blake2b(name, digest_size=8).hexdigest(),
        "extension": [said_by(said)],
        coded: without_empty({"coding": codings, "text": said.words or negative.title}),
    }
    if clinical:
        found["clinicalStatus"] = {"coding": [{"system": f"{HL7}/{clinical}", "code": "active"}]}
    else:
        found["status"] = "unknown"
        found["effectiveDateTime"] = said.when.text if said.when else ""
    found["patient" if kind == "AllergyIntolerance" else "subject"] = {}
    meta: Json = {"lastUpdated": said.received.isoformat()}
    if negative.unverified:
        meta["security"] = [BY_SOFTWARE]
    found = without_empty(found) | {"meta": meta}
    _complete(found)
    found["patient" if kind == "AllergyIntolerance" else "subject"] = {
        "reference": address("Patient", person)
    }
    return found


def _device(person: PersonId, one: Entry) -> Json:
    """The use of a device; the device, in the words it was told of, is contained in it."""
    served = as_fhir(person, one)
    status = {"active": "active", "resolved": "completed", "stopped": "stopped"}
    device: Json = {
        "resourceType": "Device",
        "id": "device",
        "type": served.get("code", {"text": one.title}),
    }
    return without_empty(
        {
            "resourceType": "DeviceUseStatement",
            "id": one.key,
            "meta": served["meta"],
            "contained": [device],
            "extension": served["extension"],
            "status": status.get(one.status, "active"),
            "subject": served["subject"],
            "timingDateTime": one.when.text if one.when else "",
            "device": {"reference": "#device"},
        }
    )


def _complete(found: Json) -> None:
    """Put in as unknown what the guide demands of a type and nobody said."""
    kind = found["resourceType"]
    name = _WHEN.get(kind, "")
    if name and not any(key.startswith(name.removesuffix("DateTime")) for key in found):
        found[f"_{name}"] = UNKNOWN
    if kind == "Observation" and not _VALUES & found.keys():
        found["dataAbsentReason"] = _absent()
    if kind == "Basic":
        found.setdefault("code", {"text": "not said"})


def _absent() -> Json:
    return {"coding": [{"system": f"{HL7}/data-absent-reason", "code": "unknown"}]}


def _about(found: Json, whom: str) -> Json:
    """The resource, referring to the document's own Patient."""
    name = "patient" if "patient" in found else "subject"
    said: dict[str, Any] = {name: {"reference": whom}}
    return found | said
