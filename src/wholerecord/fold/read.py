"""From a statement's bytes to what it says: one narrow typed decode each.

A body that is not JSON, or whose read parts are not as FHIR R4 has them, is parked with the reason;
so is a statement without what its kind needs (a condition of nothing). Nothing here raises.
"""

import re
from collections.abc import Callable
from hashlib import blake2b

import msgspec

from wholerecord.fold.allergy_said import AllergySaid
from wholerecord.fold.care_plans import GoalSaid, PlanSaid
from wholerecord.fold.condition_said import ConditionSaid, FamilySaid
from wholerecord.fold.dated_said import EncounterSaid, ImmunizationSaid, ProcedureSaid
from wholerecord.fold.device_said import DeviceSaid
from wholerecord.fold.document_said import CompositionSaid, DocumentSaid
from wholerecord.fold.imaging_said import ImagingSaid
from wholerecord.fold.labels import NO_LABELS, labels_unread
from wholerecord.fold.measure_said import ObservationSaid, ReportSaid, SpecimenSaid, at_home
from wholerecord.fold.measured_alone import measured_alone
from wholerecord.fold.medicine_said import Dispensed, Given, MedicationSaid, Ordered, Reported
from wholerecord.fold.other import SUPPORTING
from wholerecord.fold.other_said import read_other
from wholerecord.fold.plain_said import PlainSaid
from wholerecord.fold.record import Said, Unfolded
from wholerecord.fold.shape import IN_ERROR, Coding, Shape, date_of
from wholerecord.fold.software import ProvenanceSaid
from wholerecord.fold.team import TYPES
from wholerecord.fold.told import Told
from wholerecord.record import Statement
from wholerecord.record.erased import ERASED
from wholerecord.record.resources import RETRACTED


class PatientSaid(Shape, frozen=True):
    """FHIR Patient: `people.from_patient` reads who they are."""


SHAPES: dict[str, type[Shape]] = {
    "Patient": PatientSaid,
    "Condition": ConditionSaid,
    "FamilyMemberHistory": FamilySaid,
    "AllergyIntolerance": AllergySaid,
    "MedicationRequest": Ordered,
    "MedicationStatement": Reported,
    "MedicationDispense": Dispensed,
    "MedicationAdministration": Given,
    "Medication": MedicationSaid,
    "Observation": ObservationSaid,
    "DiagnosticReport": ReportSaid,
    "Specimen": SpecimenSaid,
    "Immunization": ImmunizationSaid,
    "Procedure": ProcedureSaid,
    "Encounter": EncounterSaid,
    "DocumentReference": DocumentSaid,
    "Composition": CompositionSaid,
    "ImagingStudy": ImagingSaid,
    "CarePlan": PlanSaid,
    "Goal": GoalSaid,
    "Device": DeviceSaid,
    "DeviceUseStatement": DeviceSaid,
    "Provenance": ProvenanceSaid,
}
_DECODE: dict[str, Callable[[bytes], Shape]] = {
    kind: msgspec.json.Decoder(shape).decode for kind, shape in SHAPES.items()
}
#: Types whose labelled fields are all that people need of them.
_PLAIN = frozenset({*TYPES, *SUPPORTING, "Flag", "Consent"})
_DECODE.update(dict.fromkeys(_PLAIN - set(_DECODE), msgspec.json.Decoder(PlainSaid).decode))

#: Kinds that say nothing without naming what they are about.
_NEEDS_WORDS = frozenset(
    {"Condition", "FamilyMemberHistory", "AllergyIntolerance", "Observation", "Immunization"}
)
_ERASED = "What was said here was erased."
_PLACE = re.compile(r"at `\$\.?([A-Za-z0-9_.\[\]…]*)`")


def read(statement: Statement) -> Told[Shape] | Unfolded:
    """What `statement` says, or why it is parked. Pure, never raises."""
    kind = statement.kind
    if statement.body == ERASED:
        return Unfolded(said=_unread(statement), why=_ERASED, labels=NO_LABELS)
    try:
        body = _DECODE.get(kind, read_other)(statement.body)
        coded, words, happened, written, status, by, tags, labels, measured = body.heard()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        return Unfolded(
            said=_unread(statement),
            why=_why(statement, error),
            labels=labels_unread(statement.body),
        )
    if body.meta.tag and any(_takes_back(tag) for tag in body.meta.tag):
        status = IN_ERROR  # a Patient, say, has no word for it
    given = body.id or _nameless(statement.body)
    patient = statement.patient
    recorded = date_of(written or body.meta.last_updated)
    said = Said(  # by position: see `record`
        patient,
        statement.t,
        statement.n,
        statement.source,
        kind,
        given,
        statement.message,
        statement.place,
        statement.received,
        recorded,
        recorded if happened and happened == written else date_of(happened),
        words,
        coded.coding,
        status,
        by,
    )
    if not words and kind in _NEEDS_WORDS:
        return Unfolded(
            said=said,
            why=f"The {kind} does not say what it is about.",
            labels=labels_unread(statement.body),
        )
    key = (patient, kind, given)
    if measured is None or not isinstance(body, ObservationSaid):
        return Told(said, body, key, tags, labels)
    alone, home = measured_alone(body, measured), at_home(body, measured)
    kept = body if alone is None else statement.body
    return Told(said, kept, key, tags, labels, measured, alone, home)


def _takes_back(tag: Coding) -> bool:
    return tag.code == RETRACTED["code"] and tag.system == RETRACTED["system"]


def _nameless(body: bytes) -> str:
    """An id for a resource whose source gave it none: the same words are the same resource."""
    return f"unnamed-{blake2b(body, digest_size=8).hexdigest()}"


def _unread(statement: Statement) -> Said:
    return Said(
        patient=statement.patient,
        t=statement.t,
        n=statement.n,
        source=statement.source,
        kind=statement.kind,
        id="",
        message=statement.message,
        place=statement.place,
        received=statement.received,
        recorded=None,
        when=None,
        words="",
        codes=(),
        status="",
    )


def _why(statement: Statement, error: Exception) -> str:
    """Where it stops being FHIR, without what it says there."""
    if isinstance(error, msgspec.ValidationError):
        place = _PLACE.search(str(error))
        at = f" at {place[1]}" if place and place[1] else ""
        return f"The {statement.kind} is not as FHIR R4 has it{at}."
    return f"The {statement.kind} cannot be read: it is not JSON."
