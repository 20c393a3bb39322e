'''What one source does otherwise than the standard: a small declaration, as JSON, and no code.

It travels with the source, as a column map does. What it does not say is as the standard says.

    >>> site = Site.parse(b"""{"hl7v2": {
    ...   "values": {"PID-3.4": {"ALLNHS": "NHS"}, "PV1-2": {"INP": "I"}, "MSH-9.2": {"Z08": "A08"},
    ...              "OBX-6": {"mmol/l": "mmol/L^^UCUM"}},
    ...   "number": ["RXX"],
    ...   "z": {"ZPI-4": {"title": "Interpreter needed"}}}}""")
    >>> site.translated("PV1", ["PV1", "1", "INP~INP"], STANDARD)
    ['PV1', '1', 'I~I']
    >>> Site.parse(b'{"person": {}}') == Site()
    True
'''

import re
from functools import cached_property, lru_cache
from typing import Literal

import msgspec

from wholerecord.intake.hl7v2.charset import is_known
from wholerecord.intake.hl7v2.escapes import STANDARD, Delimiters

_FIELD = re.compile(r"([A-Z][A-Z0-9]{2})-([1-9]\d{0,2})(?:\.([1-9]\d?))?", re.ASCII)


class NotSite(ValueError):
    """The declaration of the source's differences is not one."""


class ZField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a field of a Z segment says: an Observation, or a Flag while it is not empty."""

    title: str
    shape: Literal["observation", "flag"] = "observation"
    code: str = ""
    system: str = ""


class Site(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """A source's own habits.

    `values` are field -> what stands there -> what the standard writes for it, by segment and field
    with or without a component, as HL7 with the standard delimiters. `number` are the authorities
    (CX-4) whose number of a patient the source files by, the best first. `z` are the fields of
    Z segments that mean something. `charset` is table 0211's name for messages that name none.
    """

    values: dict[str, dict[str, str]] = {}
    number: list[str] = []
    z: dict[str, ZField] = {}
    charset: str = ""

    @classmethod
    def parse(cls, declared: bytes) -> "Site":
        """Read a declaration; one that says nothing of HL7 v2 changes nothing.

        Raises:
            NotSite: it is not one; the message says where.
        """
        return _parse(declared)

    @cached_property
    def _fields(self) -> dict[str, list[tuple[int, int, dict[str, str]]]]:
        """By segment: field, component (0 for all of it), and what stands for what."""
        said: dict[str, list[tuple[int, int, dict[str, str]]]] = {}
        for address, meant in self.values.items():
            segment, field, component = _address(address)
            said.setdefault(segment, []).append((field, component, meant))
        return said

    @cached_property
    def z_fields(self) -> dict[str, list[tuple[int, int, ZField]]]:
        """By segment: field, component and what it says."""
        said: dict[str, list[tuple[int, int, ZField]]] = {}
        for address, meant in self.z.items():
            segment, field, component = _address(address)
            said.setdefault(segment, []).append((field, component or 1, meant))
        return said

    def translated(self, name: str, fields: list[str], marks: Delimiters) -> list[str]:
        """The fields of a segment in the standard's words; each value is looked at once."""
        for field, component, meant in self._fields.get(name, ()):
            if field < len(fields) and fields[field]:
                said = fields[field].split(marks.repetition)
                now = [_translated(each, component, meant, marks) for each in said]
                fields[field] = marks.repetition.join(now)
        return fields


def _translated(said: str, component: int, meant: dict[str, str], marks: Delimiters) -> str:
    if not component:
        standard = meant.get(_standard(said.strip(), marks))
        return said if standard is None else _written(standard, marks)
    parts = said.split(marks.component)
    if component <= len(parts):
        standard = meant.get(_standard(parts[component - 1].strip(), marks))
        if standard is not None:
            parts[component - 1] = _written(standard, marks)
    return marks.component.join(parts)


def _standard(said: str, marks: Delimiters) -> str:
    return said.replace(marks.component, "^").replace(marks.subcomponent, "&")


def _written(standard: str, marks: Delimiters) -> str:
    return standard.replace("^", marks.component).replace("&", marks.subcomponent)


def _address(address: str) -> tuple[str, int, int]:
    match = _FIELD.fullmatch(address)
    if match is None:
        raise NotSite(f"`{address[:20]}` is not a field such as PV1-2 or PID-3.4")
    return match[1], int(match[2]), int(match[3] or 0)


class _Declared(msgspec.Struct, frozen=True):
    hl7v2: Site = Site()


@lru_cache(maxsize=256)
def _parse(declared: bytes) -> Site:
    if not declared:
        return NO_SITE
    try:
        site = msgspec.json.decode(declared, type=_Declared).hl7v2
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotSite(str(error)) from None
    for address in (*site.values, *site.z):
        _address(address)
    for address in site.values:
        if address.startswith("MSH-") and address.split(".")[0] in {"MSH-1", "MSH-2"}:
            raise NotSite("MSH-1 and MSH-2 are the delimiters: they mean what they are")
    if not is_known(site.charset):
        raise NotSite("`charset` is not a character set of table 0211")
    return site


NO_SITE = Site()
__all__ = ["NO_SITE", "STANDARD", "NotSite", "Site", "ZField"]
