"""FHIR statements that make relationships, for tests; organisations by ODS code or by reference."""

from typing import Any

Json = dict[str, Any]
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
_P1 = {"reference": "Patient/p1"}


def at(code: str) -> Json:
    return {"identifier": {"system": ODS, "value": code}}


def referral(to: Json, **more: Any) -> Json:
    coding = {"system": "http://snomed.info/sct", "code": "3457005"}
    return {
        "resourceType": "ServiceRequest",
        "id": "r1",
        "status": "active",
        "intent": "order",
        "category": [{"coding": [coding]}],
        "subject": _P1,
        "authoredOn": "2026-03-01",
        "performer": [to],
    } | more


def stay(where: Json | None, **more: Any) -> Json:
    return {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "in-progress",
        "class": {"code": "IMP"},
        "subject": _P1,
        "period": {"start": "2026-03-01T09:00:00Z"},
        **({"serviceProvider": where} if where else {}),
    } | more


def team(*members: Json, **more: Any) -> Json:
    return {
        "resourceType": "CareTeam",
        "id": "t1",
        "status": "active",
        "subject": _P1,
        "participant": [{"member": member} for member in members],
    } | more


def written(one: Json, when: str) -> Json:
    return one | {"meta": {"lastUpdated": when}}
