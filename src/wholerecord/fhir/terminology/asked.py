"""What an operation was asked, from a GET's query or a POST's Parameters: one value for both.

Source: FHIR R4, Operations, "Executing an Operation Synchronously"; Parameters.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request

from wholerecord.errors import Incorrect
from wholerecord.fhir.given import body_of

_LONGEST = 4096  #: characters of one value
_BODY = 1 << 20  #: bytes of one POST


class Coding(msgspec.Struct, frozen=True, rename="camel"):
    """FHIR Coding, as far as it is asked with."""

    system: str = ""
    code: str = ""
    display: str = ""
    version: str = ""


class CodeableConcept(msgspec.Struct, frozen=True):
    """FHIR CodeableConcept, as far as it is asked with."""

    coding: tuple[Coding, ...] = ()


class Part(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """One entry of Parameters, with the values that these operations take."""

    name: str
    value_string: str | None = None
    value_code: str | None = None
    value_uri: str | None = None
    value_canonical: str | None = None
    value_url: str | None = None
    value_boolean: bool | None = None
    value_integer: int | None = None
    value_date_time: str | None = None
    value_coding: Coding | None = None
    value_codeable_concept: CodeableConcept | None = None
    resource: msgspec.Raw = msgspec.Raw()
    id: str | None = None


class _Parameters(msgspec.Struct, frozen=True, tag_field="resourceType", tag="Parameters"):
    parameter: tuple[Part, ...] = ()


_DECODE = msgspec.json.Decoder(_Parameters).decode


class Asked:
    """The parameters of one request, each at most once unless it repeats by definition."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = parts

    def text(self, name: str) -> str:
        """A string, code or address; "" when it was not given."""
        part = self._parts.get(name)
        if part is None:
            return ""
        said = next((value for value in _texts(part) if value is not None), None)
        if said is None:
            raise Incorrect(f"{name} is not a text here.")
        return said

    def wanted(self, name: str) -> str:
        """The same; it must be there."""
        if not (said := self.text(name)):
            raise Incorrect(f"Give {name}.")
        return said

    def coding(self, name: str) -> Coding | None:
        """A Coding; None when it was not given. A GET writes it `system|code`."""
        part = self._parts.get(name)
        if part is None:
            return None
        if part.value_coding is not None:
            return part.value_coding
        system, bar, code = (part.value_string or "").rpartition("|")
        if not bar or not system or not code:
            raise Incorrect(f"{name} is a Coding: system|code.")
        return Coding(system=system, code=code)

    def codings(self, name: str) -> tuple[Coding, ...]:
        """The codings of a CodeableConcept; none when it was not given."""
        part = self._parts.get(name)
        if part is None:
            return ()
        if part.value_codeable_concept is None:
            raise Incorrect(f"{name} is a CodeableConcept, which only a POST can send.")
        return part.value_codeable_concept.coding

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 0 to `most`."""
        part = self._parts.get(name)
        if part is None:
            return default
        said = part.value_integer if part.value_integer is not None else part.value_string
        text = str(said) if said is not None else ""
        if not (text.isascii() and text.isdecimal() and len(text) <= 9):
            raise Incorrect(f"{name} is a whole number.")
        return min(int(text), most)

    def flag(self, name: str) -> bool:
        """Whether something is asked for; not, when it was not given."""
        part = self._parts.get(name)
        if part is None:
            return False
        if part.value_boolean is not None:
            return part.value_boolean
        if (said := self.text(name)) not in {"true", "false"}:
            raise Incorrect(f"{name} is true or false.")
        return said == "true"

    def resource(self, name: str) -> bytes | None:
        """A resource as sent; None when it was not given."""
        part = self._parts.get(name)
        return bytes(part.resource) or None if part else None


async def asked(request: Request, known: frozenset[str]) -> Asked:
    """What a request asks.

    Raises:
        Incorrect: it cannot be read, is too large, or holds a parameter outside `known`.
    """
    if request.method == "GET":
        pairs = request.query_params.multi_items()
        parts = [Part(name=name, value_string=value) for name, value in pairs]
    else:
        parts = list(_read(await body_of(request, most=_BODY)).parameter)
    found: dict[str, Part] = {}
    for part in parts:
        if part.name == "_format":
            continue
        if part.name not in known:
            raise Incorrect(f"The parameter {part.name[:40]!r} is not supported here.")
        if part.name in found:
            raise Incorrect(f"{part.name} is given twice.")
        if any(value is not None and len(value) > _LONGEST for value in _texts(part)):
            raise Incorrect(f"{part.name} is too long.")
        found[part.name] = part
    return Asked(found)


def _read(body: bytes) -> _Parameters:
    try:
        return _DECODE(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        place = str(error).rpartition(" - at ")[2] if " - at " in str(error) else "the body"
        raise Incorrect(f"The body is not a FHIR Parameters resource, at {place[:80]}.") from None


def _texts(part: Part) -> tuple[Any, ...]:
    return (
        part.value_string,
        part.value_code,
        part.value_uri,
        part.value_canonical,
        part.value_url,
    )


def parameters(*parts: dict[str, Any] | None) -> dict[str, Any]:
    """A Parameters resource of the parts that are."""
    return {"resourceType": "Parameters", "parameter": [part for part in parts if part]}


def text(name: str, said: str) -> dict[str, Any] | None:
    """A string parameter; None when there is nothing to say."""
    return {"name": name, "valueString": said} if said else None
