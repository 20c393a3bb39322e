"""`GET /fhir/metadata`: what this API does. Source: FHIR R4, CapabilityStatement."""

from typing import Any

from wholerecord.fhir.entries import TYPES
from wholerecord.fhir.terminology import OPERATIONS


def capability(version: str, date: str) -> dict[str, Any]:
    """The CapabilityStatement of this version; it lists exactly what is routed."""
    by_patient = [
        {"name": "patient", "type": "reference"},
        {"name": "code", "type": "token"},
    ]
    resources: list[dict[str, Any]] = [
        {
            "type": "Patient",
            "interaction": [{"code": "read"}, {"code": "search-type"}],
            "searchParam": [{"name": "identifier", "type": "token"}],
            "operation": [
                {
                    "name": "everything",
                    "definition": "http://hl7.org/fhir/OperationDefinition/Patient-everything",
                }
            ],
        }
    ]
    resources += [
        {"type": served, "interaction": [{"code": "search-type"}], "searchParam": by_patient}
        for served in sorted(set(TYPES.values()))
    ]
    resources += [
        {
            "type": kind,
            "operation": [
                {
                    "name": name,
                    "definition": f"http://hl7.org/fhir/OperationDefinition/{kind}-{name}",
                }
                for of, name in OPERATIONS
                if of == kind
            ],
        }
        for kind in dict.fromkeys(kind for kind, _ in OPERATIONS)
    ]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": date,
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "software": {"name": "Wholerecord", "version": version},
        "implementation": {"description": "One record for each person, read through one door"},
        "rest": [{"mode": "server", "resource": resources}],
    }
