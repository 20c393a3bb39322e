"""`GET /record/fhir/metadata`: what this API does. Source: FHIR R4, CapabilityStatement."""

from typing import Any

from wholerecord.fhir.metadata import statement
from wholerecord.fhir.record.entries import TYPES


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
    return statement(resources, version, date, "One record for each person, read through one door")
