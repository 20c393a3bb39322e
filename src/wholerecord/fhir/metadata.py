"""`GET /fhir/metadata`: what this API does. Source: FHIR R4, CapabilityStatement."""

from collections.abc import Sequence
from typing import Any

from wholerecord.fhir.terminology import OPERATIONS


def capability(version: str, date: str) -> dict[str, Any]:
    """The CapabilityStatement of this version; it lists exactly what is routed."""
    resources: list[dict[str, Any]] = [
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
    return statement(
        resources, version, date, "What sources said of people, in and out through one door"
    )


def statement(
    resources: Sequence[dict[str, Any]], version: str, date: str, about: str
) -> dict[str, Any]:
    """A CapabilityStatement of one server with these resources."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": date,
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "software": {"name": "Wholerecord", "version": version},
        "implementation": {"description": about},
        "rest": [{"mode": "server", "resource": list(resources)}],
    }
