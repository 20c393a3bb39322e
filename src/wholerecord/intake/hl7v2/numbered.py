"""Numbers of people and things, and who gives them: CX as an Identifier.

Source: v2-to-FHIR datatype map CX[Identifier]; HL7 v2.9 table 0203 (identifier types). A source
gives all its numbers in the same few names, so what those mean is remembered; never a number.
"""

from dataclasses import dataclass
from functools import lru_cache

from wholerecord.intake.hl7v2.datatypes import OID, REMEMBERED, Json, Said, is_short, period
from wholerecord.intake.hl7v2.escapes import STANDARD
from wholerecord.intake.hl7v2.segment import Composite
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM

IDENTIFIER_TYPES = "http://terminology.hl7.org/CodeSystem/v2-0203"
_NHS = frozenset({"NHS", "NH", "NHSN", "NHSNMBR", "NHSNUMBER", "NHSNO", "NHSNBR", "NNGBR"})
_NHS_AUTHORITY = frozenset({"2.16.840.1.113883.2.1.4.1", NHS_NUMBER_SYSTEM.upper()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a CX says of its number: whether it is an NHS number, who gave it, its type (CX-5).

    `by` is the name they go by (CX-4), else their universal id. `more` is what else the Identifier
    of any other number says.
    """

    nhs: bool
    by: str
    kind: str
    more: Said


def given(cx: Composite) -> Given:
    """What a CX says of its number."""
    _, _, rest = cx.raw.partition("^")
    # With a check digit (CX-2) it is of one number alone.
    if is_short(cx) and (not rest or rest[0] == "^"):
        return _remembered(rest)
    return _given(cx)


@lru_cache(maxsize=REMEMBERED)
def _remembered(rest: str) -> Given:
    return _given(Composite(f"^{rest}", STANDARD))


def _given(cx: Composite) -> Given:
    name, universal, kind = cx.sub(4, 1), cx.sub(4, 2), cx.text(5)
    more: Json = {}
    if system := _uri(universal):
        more["system"] = system
    if name:
        more["assigner"] = {"display": name}
    if kind:
        more["type"] = {"coding": [{"system": IDENTIFIER_TYPES, "code": kind}]}
    if span := period(cx.text(7), cx.text(8)):
        more["period"] = span
    nhs = any(said and _names_nhs(said) for said in (name, universal, kind))
    return Given(nhs=nhs, by=name or universal, kind=kind, more=more)


def identifier(cx: Composite) -> Json:
    """An Identifier. An NHS number has the system every other source uses, and no spaces."""
    value = cx.text(1)
    if not value:
        return {}
    said = given(cx)
    if said.nhs:
        return {"system": NHS_NUMBER_SYSTEM, "value": value.replace(" ", "").replace("-", "")}
    return {"value": value, **said.more}


def _names_nhs(name: str) -> bool:
    plain = name.replace(" ", "").replace("_", "").replace("-", "").upper()
    return plain in _NHS or plain in _NHS_AUTHORITY


def _uri(universal: str) -> str:
    if OID.fullmatch(universal):
        return f"urn:oid:{universal}"
    return universal if universal.startswith(("http://", "https://", "urn:")) else ""
