"""The parts of a FHIR R4 Patient that are read, and reading them without losing one to another.

Source: FHIR R4, Patient, HumanName, Address, ContactPoint, Identifier, Meta.
"""

from typing import Any

import msgspec
from msgspec.structs import fields


class _Said(msgspec.Struct, frozen=True, rename="camel"):
    """What every part below is: named fields of a FHIR element, the rest passed over."""


class Period(_Said, frozen=True):
    """When a part was so."""

    end: str = ""


class Coding(_Said, frozen=True):
    """A code; its system does not matter where it is read."""

    code: str = ""


class Concept(_Said, frozen=True):
    """A value as codes."""

    coding: tuple[Coding, ...] = ()


class Extension(_Said, frozen=True):
    """An extension whose value is a concept."""

    url: str = ""
    value_codeable_concept: Concept = Concept()


class SaidIdentifier(_Said, frozen=True):
    """An identifier as said."""

    system: str = ""
    value: str = ""
    use: str = ""
    # Read apart, so that a fault in an extension does not cost the number.
    extension: msgspec.Raw = msgspec.Raw(b"[]")


class SaidName(_Said, frozen=True):
    """A HumanName as said."""

    family: str = ""
    given: tuple[str | None, ...] = ()  # FHIR puts null where only an extension stands
    prefix: tuple[str | None, ...] = ()
    text: str = ""
    use: str = ""
    period: Period = Period()


class SaidAddress(_Said, frozen=True):
    """An Address as said."""

    line: tuple[str | None, ...] = ()
    city: str = ""
    district: str = ""
    state: str = ""
    postal_code: str = ""
    text: str = ""
    use: str = ""
    period: Period = Period()


class SaidContact(_Said, frozen=True):
    """A ContactPoint as said."""

    system: str = ""
    value: str = ""
    use: str = ""


class SaidRelative(_Said, frozen=True):
    """A relative, next of kin or other contact of a patient."""

    name: SaidName = SaidName()


class SaidReference(_Said, frozen=True):
    """A Reference that names what it means by an identifier."""

    identifier: SaidIdentifier = SaidIdentifier()


class SaidMeta(_Said, frozen=True):
    """The security labels of a resource."""

    security: tuple[Coding, ...] = ()


class SaidPatient(_Said, frozen=True):
    """A Patient as said."""

    name: tuple[SaidName, ...] = ()
    birth_date: str = ""
    deceased_boolean: bool = False
    deceased_date_time: str = ""
    gender: str = ""
    identifier: tuple[SaidIdentifier, ...] = ()
    address: tuple[SaidAddress, ...] = ()
    telecom: tuple[SaidContact, ...] = ()
    general_practitioner: tuple[SaidReference, ...] = ()
    managing_organization: SaidReference = SaidReference()
    contact: tuple[SaidRelative, ...] = ()
    multiple_birth_integer: int = 0
    meta: SaidMeta = SaidMeta()
    extension: msgspec.Raw = msgspec.Raw(b"[]")


_PATIENT = msgspec.json.Decoder(SaidPatient)
_EXTENSIONS = msgspec.json.Decoder(tuple[Extension, ...])


def read_patient(body: bytes) -> SaidPatient:
    """The parts that are as FHIR says: all at once, or one by one where some are not."""
    try:
        return _PATIENT.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        parts: dict[str, msgspec.Raw] = _decoded(body, dict[str, msgspec.Raw]) or {}
    return SaidPatient(
        **{
            field.name: part
            for field in fields(SaidPatient)
            if (part := _part(parts.get(field.encode_name), field.type)) is not None
        }
    )


def extensions_of(raw: msgspec.Raw) -> tuple[Extension, ...]:
    """The extensions `raw` says; none when they are not as FHIR says."""
    try:
        return _EXTENSIONS.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ()


def _part(raw: msgspec.Raw | None, type: Any) -> Any:
    """What `raw` says as `type`; of a list, the items that are as they should be."""
    if raw is None:
        return None
    if (whole := _decoded(raw, type)) is not None or not hasattr(type, "__args__"):
        return whole
    items = [_decoded(item, type.__args__[0]) for item in _decoded(raw, list[msgspec.Raw]) or ()]
    return tuple(item for item in items if item is not None)


def _decoded(raw: bytes | msgspec.Raw, type: Any) -> Any:
    """`raw` as `type`, or None when it is not one."""
    try:
        return msgspec.json.decode(raw, type=type)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
