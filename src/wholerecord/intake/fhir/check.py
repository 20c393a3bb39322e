"""What a resource must be for the record to be made of it: element types, and dates that exist.

Source: FHIR R4, the StructureDefinitions of the types named here. This is not profile validation:
a resource that lacks an element it should have is filed as said; one whose elements are of another
shape would be read wrongly and is parked.
"""
# ruff: noqa: SIM905 - a word list reads best as words

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from wholerecord.intake.fhir.elements import (
    Allergy,
    Base,
    Condition,
    Document,
    Encounter,
    Medicine,
    Observation,
    Patient,
    Plain,
    Statused,
)
from wholerecord.intake.fhir.shape import Object, an_object
from wholerecord.nhs import PartialDate

_SHAPES: Mapping[str, type[Base]] = MappingProxyType(
    {
        "AllergyIntolerance": Allergy,
        "Condition": Condition,
        "DocumentReference": Document,
        "Encounter": Encounter,
        "MedicationAdministration": Medicine,
        "MedicationDispense": Medicine,
        "MedicationRequest": Medicine,
        "MedicationStatement": Medicine,
        "Observation": Observation,
        "Patient": Patient,
        **dict.fromkeys(
            ("DiagnosticReport", "Procedure", "ServiceRequest", "Immunization", "Flag"), Plain
        ),
        **dict.fromkeys(
            (
                "Appointment",
                "CarePlan",
                "CareTeam",
                "Communication",
                "Composition",
                "Consent",
                "DeviceRequest",
                "EpisodeOfCare",
                "FamilyMemberHistory",
                "ImagingStudy",
                "List",
                "QuestionnaireResponse",
                "RiskAssessment",
                "Task",
            ),
            Statused,
        ),
    }
)

_DATES = frozenset(
    """
    abatementDateTime authored authoredOn birthDate created dateAsserted date deceasedDateTime
    effectiveDateTime effectiveInstant end issued lastOccurrence occurrenceDateTime onsetDateTime
    performedDateTime recorded recordedDate sent start started whenHandedOver whenPrepared
    """.split()
)
_PERIODS = frozenset(
    """
    effectivePeriod occurrencePeriod onsetPeriod performedPeriod period abatementPeriod
    """.split()
)
_AT = re.compile(r" - at `\$(?P<path>[^`]*)`$")


def wrong_with(kind: str, resource: Object) -> str:
    """What is not as `kind` requires and at which element, without any value; "" when all is well.

    >>> wrong_with("Observation", {"code": {"coding": [{"code": 7}]}})
    'Observation.code.coding[0].code: expected text, found int'
    >>> wrong_with("Patient", {"birthDate": "1950-02-30"})
    'Patient.birthDate: not a date'
    """
    try:
        msgspec.convert(resource, _SHAPES.get(kind, Base))
    except msgspec.ValidationError as error:
        return _in_words(kind, str(error))
    wrong = _wrong_date(resource)
    return f"{kind}.{wrong}: not a date" if wrong else ""


def _wrong_date(resource: Object) -> str:
    meta = an_object(resource.get("meta"))
    if "lastUpdated" in meta and not _is_date(meta["lastUpdated"]):
        return "meta.lastUpdated"
    for element in _DATES & resource.keys():
        if not _is_date(resource[element]):
            return element
    for element in _PERIODS & resource.keys():
        period = an_object(resource[element])
        for end in ("start", "end"):
            if end in period and not _is_date(period[end]):
                return f"{element}.{end}"
    return ""


def _is_date(said: Any) -> bool:
    return isinstance(said, str) and PartialDate.parse(said) is not None


def _in_words(kind: str, error: str) -> str:
    """A sentence of msgspec's words, which name types and fields and never values."""
    at = _AT.search(error)
    said = error[: at.start()] if at else error
    path = at["path"] if at else ""
    missing = re.fullmatch(r"Object missing required field `(\w+)`", said)
    if missing:
        return f"{kind}{path}.{missing[1]}: missing"
    for machine, plain in ((" | null", ""), ("`str`", "text"), ("`", "")):
        said = said.replace(machine, plain)
    return f"{kind}{path}: {said[:1].lower()}{said[1:].replace(' got ', ' found ')}"
