"""`GET /fhir/metadata`: what this API does. Source: FHIR R4, CapabilityStatement."""

from collections.abc import Sequence
from typing import Any

from wholerecord.fhir.formats import JSON_MEDIA, XML_MEDIA
from wholerecord.fhir.patch import JSON_PATCH
from wholerecord.fhir.search.capability import searching
from wholerecord.fhir.subscriptions.topics import topics
from wholerecord.fhir.subscriptions.written import PROFILE
from wholerecord.fhir.terminology import OPERATIONS
from wholerecord.fhir.version_aware import VERSIONED
from wholerecord.fhir.xml_patch import XML_PATCH
from wholerecord.intake.fhir.about import R4_TYPES

#: What is done with every type: see `routes`.
_WRITTEN: dict[str, Any] = {
    "interaction": [
        {"code": code}
        for code in (
            *(
                "read",
                "vread",
                "history-instance",
                "history-type",
                "create",
                "update",
                "patch",
                "delete",
            ),
            "search-type",
        )
    ],
    "readHistory": True,
    "updateCreate": False,
    "conditionalCreate": True,
    "conditionalRead": "full-support",
    "conditionalUpdate": True,
    "conditionalDelete": "single",
}


def _operation(kind: str, name: str) -> dict[str, str]:
    definition = f"http://hl7.org/fhir/OperationDefinition/{kind}-{name}"
    return {"name": name, "definition": definition}


#: What may be asked of every type.
_OF_EVERY = (_operation("Resource", "validate"), _operation("Resource", "meta"))
#: What may be asked of one type.
_OF_ONE = (
    ("Patient", "everything"),
    ("Observation", "lastn"),
    ("Composition", "document"),
)
_BULK = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/"
_EXPORTS = {"Patient": "patient-export", "Group": "group-export"}


def capability(version: str, date: str) -> dict[str, Any]:
    """The CapabilityStatement of this version; it lists exactly what is routed."""
    operations: dict[str, list[dict[str, str]]] = {}
    for kind, name in (*OPERATIONS, *_OF_ONE):
        operations.setdefault(kind, []).append(_operation(kind, name))
    for kind, name in _EXPORTS.items():
        operations.setdefault(kind, []).append({"name": "export", "definition": _BULK + name})
    every = sorted(R4_TYPES - {"Subscription"})
    resources = [
        _WRITTEN
        | {"type": kind, "operation": [*operations.get(kind, []), *_OF_EVERY]}
        | {"versioning": "versioned-update" if kind in VERSIONED else "versioned"}
        | searching(kind, every)
        for kind in every
    ]
    resources.append(_subscription())
    resources.sort(key=lambda one: str(one["type"]))
    said = statement(
        resources, version, date, "What sources said of people, in and out through one door"
    )
    said["patchFormat"] = [JSON_PATCH, XML_PATCH, JSON_MEDIA, XML_MEDIA]
    said["rest"][0]["operation"] = [
        {"name": "export", "definition": f"{_BULK}export"},
        _operation("MessageHeader", "process-message"),
    ]
    said["rest"][0]["interaction"] = [
        {"code": code} for code in ("transaction", "batch", "history-system")
    ]
    return said


def _subscription() -> dict[str, Any]:
    """What may be done with subscriptions, and the topics there are."""
    backport = "http://hl7.org/fhir/uv/subscriptions-backport/"
    topic = f"{backport}StructureDefinition/capabilitystatement-subscriptiontopic-canonical"
    operations = ("status", "events", "get-ws-binding-token")
    return {
        "type": "Subscription",
        "extension": [{"url": topic, "valueCanonical": url} for url in topics()],
        "supportedProfile": [PROFILE],
        "interaction": [
            {"code": code} for code in ("read", "create", "update", "delete", "search-type")
        ],
        "versioning": "no-version",
        "operation": [
            {
                "name": name,
                "definition": f"{backport}OperationDefinition/backport-subscription-{name}",
            }
            for name in operations
        ],
    }


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
        "format": ["application/fhir+json", "application/fhir+xml", "json", "xml"],
        "software": {"name": "Wholerecord", "version": version},
        "implementation": {"description": about},
        "rest": [
            {
                "mode": "server",
                "documentation": "As OpenAPI: openapi.json below this address.",
                "resource": list(resources),
            }
        ],
    }
