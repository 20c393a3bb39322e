"""The elements of FHIR R4 resources that the record is made of, and the shape each must have.

Source: FHIR R4 resources. Only what the fold, the linking and the screens read is named; everything
else in a resource is kept and not looked at.
"""

from typing import Any

import msgspec

from wholerecord.intake.fhir.datatypes import (
    Address,
    Annotation,
    Coding,
    Concept,
    ContactPoint,
    Content,
    Extensions,
    HumanName,
    Identifier,
    Meta,
    Part,
    PatientLink,
    Period,
    Quantity,
    Range,
    Reaction,
    Reference,
)


class Base(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What every resource may have."""

    id: str | None = None
    meta: Meta | None = None
    extension: Extensions = []
    contained: list[dict[str, Any]] = []


class Statused(Base, frozen=True, kw_only=True):
    """A resource with a state and a subject."""

    status: str | None = None
    subject: Reference | None = None
    patient: Reference | None = None
    note: list[Annotation] = []
    period: Period | None = None


class Plain(Base, frozen=True, kw_only=True):
    """A resource with a state and one code."""

    status: str | None = None
    code: Concept | None = None
    vaccine_code: Concept | None = None
    subject: Reference | None = None
    patient: Reference | None = None
    encounter: Reference | None = None
    result: list[Reference] = []
    note: list[Annotation] = []


class Patient(Base, frozen=True, kw_only=True):
    """Who the patient is."""

    identifier: list[Identifier] = []
    name: list[HumanName] = []
    telecom: list[ContactPoint] = []
    gender: str | None = None
    birth_date: str | None = None
    deceased_boolean: bool | None = None
    deceased_date_time: str | None = None
    address: list[Address] = []
    general_practitioner: list[Reference] = []
    link: list[PatientLink] = []


class Condition(Base, frozen=True, kw_only=True):
    """A problem or diagnosis."""

    clinical_status: Concept | None = None
    verification_status: Concept | None = None
    category: list[Concept] = []
    severity: Concept | None = None
    code: Concept | None = None
    body_site: list[Concept] = []
    subject: Reference | None = None
    encounter: Reference | None = None
    note: list[Annotation] = []


class Allergy(Base, frozen=True, kw_only=True):
    """An allergy or intolerance, or that there is none."""

    clinical_status: Concept | None = None
    verification_status: Concept | None = None
    type: str | None = None
    category: list[str | None] = []
    criticality: str | None = None
    code: Concept | None = None
    patient: Reference | None = None
    note: list[Annotation] = []
    reaction: list[Reaction] = []


class Medicine(Base, frozen=True, kw_only=True):
    """A medicine ordered, dispensed, given or reported."""

    status: str | None = None
    medication_codeable_concept: Concept | None = None
    medication_reference: Reference | None = None
    subject: Reference | None = None
    dosage_instruction: list[dict[str, Any]] = []
    note: list[Annotation] = []


class Observation(Base, frozen=True, kw_only=True):
    """A result, a vital sign or another observation. One without a code says nothing."""

    code: Concept
    status: str | None = None
    category: list[Concept] = []
    subject: Reference | None = None
    value_quantity: Quantity | None = None
    value_codeable_concept: Concept | None = None
    value_string: str | None = None
    interpretation: list[Concept] = []
    reference_range: list[Range] = []
    component: list[Part] = []
    has_member: list[Reference] = []
    note: list[Annotation] = []


class Encounter(Base, frozen=True, kw_only=True):
    """A contact or a stay."""

    status: str | None = None
    class_: Coding | None = msgspec.field(default=None, name="class")
    type: list[Concept] = []
    subject: Reference | None = None
    period: Period | None = None
    reason_code: list[Concept] = []


class Document(Base, frozen=True, kw_only=True):
    """A letter, report or note."""

    status: str | None = None
    type: Concept | None = None
    subject: Reference | None = None
    content: list[Content] = []
