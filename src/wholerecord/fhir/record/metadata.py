"""`GET /record/fhir/metadata`: what this API does. Source: FHIR R4, CapabilityStatement."""

from typing import Any

from wholerecord.fhir.metadata import statement
from wholerecord.fhir.record.entries import TYPES
from wholerecord.fhir.record.worked_out import WORKED_OUT
from wholerecord.fhir.search.capability import searching

_BULK = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/"
_BESIDES = sorted({"Provenance", *TYPES.values(), *WORKED_OUT})
_SERVED = ("Patient", *_BESIDES)


def capability(version: str, date: str) -> dict[str, Any]:
    """The CapabilityStatement of this version; it lists exactly what is routed."""
    resources: list[dict[str, Any]] = [
        {
            "type": "Patient",
            "interaction": [{"code": "read"}, {"code": "search-type"}],
            **searching("Patient", _SERVED),
            "operation": [
                {"name": "export", "definition": f"{_BULK}patient-export"},
                {
                    "name": "everything",
                    "definition": "http://hl7.org/fhir/OperationDefinition/Patient-everything",
                },
                {
                    "name": "match",
                    "definition": "http://hl7.org/fhir/OperationDefinition/Patient-match",
                },
                {
                    "name": "summary",
                    "definition": "http://hl7.org/fhir/uv/ips/OperationDefinition/summary",
                },
            ],
        }
    ]
    resources += [
        {"type": served, "interaction": [{"code": "search-type"}], **searching(served, _SERVED)}
        for served in _BESIDES
    ]
    resources.append({"type": "Person", "interaction": [{"code": "read"}]})
    resources.sort(key=lambda one: str(one["type"]))
    said = statement(resources, version, date, "One record for each person, read through one door")
    said["rest"][0]["operation"] = [{"name": "export", "definition": f"{_BULK}export"}]
    return said
