"""The FHIR R4 datatypes and parts that the record is made of, and the shape each must have.

Source: FHIR R4, Data Types. Only what is read is named. `null` inside an array keeps the place of a
primitive that has only an extension.
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


class Reaction(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What happened on exposure."""

    substance: Concept | None = None
    manifestation: list[Concept] = []
    severity: str | None = None


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


class Attachment(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A document's bytes, or where they are."""

    content_type: str | None = None
    data: str | None = None
    url: str | None = None
    title: str | None = None


class Content(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One form of a document."""

    attachment: Attachment | None = None
