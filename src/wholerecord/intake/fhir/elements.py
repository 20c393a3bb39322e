"""The elements of FHIR R4 resources that the record is made of, and the shape each must have.

Source: FHIR R4 datatypes and resources. Only what the fold, the linking and the screens read is
named; everything else in a resource is kept and not looked at. `null` inside an array keeps the
place of a primitive that has only an extension.
"""

from decimal import Decimal
from typing import Any

import msgspec

Extensions = list[dict[str, Any]]


class Coding(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A code in a system."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class Concept(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A CodeableConcept."""

    coding: list[Coding] = []
    text: str | None = None


class Identifier(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A business identifier."""

    use: str | None = None
    type: Concept | None = None
    system: str | None = None
    value: str | None = None


class Reference(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A literal or logical reference."""

    reference: str | None = None
    type: str | None = None
    identifier: Identifier | None = None
    display: str | None = None


class Period(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A period; either end may be missing."""

    start: str | None = None
    end: str | None = None


class Quantity(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A measured amount."""

    value: Decimal | None = None
    comparator: str | None = None
    unit: str | None = None
    system: str | None = None
    code: str | None = None


class Annotation(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A note."""

    text: str | None = None
    time: str | None = None


class HumanName(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A name."""

    use: str | None = None
    text: str | None = None
    family: str | None = None
    given: list[str | None] = []
    prefix: list[str | None] = []
    period: Period | None = None


class ContactPoint(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A telephone number or an address for messages."""

    system: str | None = None
    value: str | None = None
    use: str | None = None


class Address(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A postal address."""

    use: str | None = None
    line: list[str | None] = []
    city: str | None = None
    postal_code: str | None = None
    period: Period | None = None


class PatientLink(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Another Patient that is the same person."""

    other: Reference | None = None
    type: str | None = None


class Meta(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is said about the resource itself."""

    profile: list[str | None] = []
    security: list[Coding] = []
    tag: list[Coding] = []


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


class Reaction(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What happened on exposure."""

    substance: Concept | None = None
    manifestation: list[Concept] = []
    severity: str | None = None


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


class Range(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A reference range."""

    low: Quantity | None = None
    high: Quantity | None = None
    text: str | None = None


class Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A component of an observation."""

    code: Concept | None = None
    value_quantity: Quantity | None = None
    value_codeable_concept: Concept | None = None
    value_string: str | None = None


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


class Attachment(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A document's bytes, or where they are."""

    content_type: str | None = None
    data: str | None = None
    url: str | None = None
    title: str | None = None


class Content(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One form of a document."""

    attachment: Attachment | None = None


class Document(Base, frozen=True, kw_only=True):
    """A letter, report or note."""

    status: str | None = None
    type: Concept | None = None
    subject: Reference | None = None
    content: list[Content] = []
