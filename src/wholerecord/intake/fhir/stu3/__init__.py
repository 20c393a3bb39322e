"""GP Connect's FHIR STU3 made R4. The message itself is kept; this is only how it is read.

Source: FHIR R4, "R3 Diff" and the R3-R4 conversions of each type; GP Connect Access Record:
Structured 1.6 (NHS England).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from wholerecord.intake.fhir.shape import Object, an_object, texts
from wholerecord.intake.fhir.stu3 import (
    allergy,
    condition,
    document,
    immunization,
    medicines,
    observation,
    others,
    patient,
    requests,
)
from wholerecord.intake.fhir.stu3.ended import ended_allergies
from wholerecord.intake.fhir.stu3.resolve import resolved
from wholerecord.intake.fhir.stu3.systems import with_r4_addresses

__all__ = ["ended_allergies", "resolved", "to_r4"]

_CHANGED: Mapping[str, Callable[[Object], Object]] = MappingProxyType(
    {
        "AllergyIntolerance": allergy.to_r4,
        "Condition": condition.to_r4,
        "DeviceRequest": others.device_request,
        "DiagnosticReport": observation.report,
        "DocumentReference": document.to_r4,
        "Immunization": immunization.to_r4,
        "List": others.a_list,
        "MedicationAdministration": medicines.administration,
        "MedicationDispense": medicines.dispense,
        "MedicationRequest": medicines.request,
        "MedicationStatement": medicines.statement,
        "Observation": observation.to_r4,
        "Patient": patient.to_r4,
        "Procedure": others.procedure,
        "ProcedureRequest": requests.procedure,
        "ReferralRequest": requests.referral,
    }
)
_NEW_TYPES = MappingProxyType(
    {"ProcedureRequest": "ServiceRequest", "ReferralRequest": "ServiceRequest"}
)


def to_r4(kind: str, resource: Object) -> tuple[str, Object]:
    """(R4 type, R4 resource) of an STU3 resource. Types that did not change stay as they are."""
    same: Object = _without_stu3_profile(with_r4_addresses(resource))
    change = _CHANGED.get(kind)
    made = change(same) if change else others.plain(kind, same)
    return _NEW_TYPES.get(kind, kind), made


def _without_stu3_profile(resource: Object) -> Object:
    """`resource` no longer claiming an STU3 profile, which what comes out would not keep."""
    meta = an_object(resource.get("meta"))
    if "profile" not in meta:
        return resource
    kept = [one for one in texts(meta["profile"]) if "/STU3/" not in one]
    rest = {name: said for name, said in meta.items() if name != "profile"}
    made = {**rest, "profile": kept} if kept else rest
    return {**resource, "meta": made}
