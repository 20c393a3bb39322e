"""HL7 v3 CD as a CodeableConcept.

Source: HL7 v3 data types CD; GP2GP's code systems. Some systems put the id of a SNOMED CT
*description* where a concept's belongs (its partition says so, SNOMED CT release file format,
SCTID): it is kept as what it is, because as a concept it would mean nothing or something else.
"""

from wholerecord.intake.hl7v3.look import Json, child, children, text, value
from wholerecord.intake.markup import Element

SNOMED = "http://snomed.info/sct"
_SYSTEMS = {
    "2.16.840.1.113883.2.1.3.2.4.15": SNOMED,
    "2.16.840.1.113883.6.96": SNOMED,
    "2.16.840.1.113883.2.1.6.2": "http://read.info/readv2",
    "2.16.840.1.113883.2.1.3.2.4.14": "http://read.info/ctv3",
    "2.16.840.1.113883.6.3": "http://hl7.org/fhir/sid/icd-10",
}
_DESCRIPTION = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-coding-sctdescid"
#: Codes for "there was a code the receiver could not use" (GP2GP's degraded entries) and "Problem":
#: as the concept of two statements they would make one thing of whatever the two are.
PLACEHOLDERS = frozenset(
    {"196411000000103", "196421000000109", "196461000000101", "196471000000108", "55607006"}
)
_DEGRADED = "transfer-degraded"
#: The last but two digits of a SNOMED CT id that is a description's.
_DESCRIPTIONS = ("01", "11")


def concept(at: Element | None) -> Json:
    """The concept with its translations; empty when it says nothing."""
    if at is None:
        return {}
    words = text(child(at, "originalText")) or value(at, "displayName")
    named = [one for one in (at, *children(at, "translation")) if not _stands_in(one, words)]
    codings = [one for each in named if (one := coding(each))]
    said: Json = {"coding": codings} if codings else {}
    return said | ({"text": words} if words else {})


def _stands_in(at: Element, words: str) -> bool:
    """Whether a code only stands where the sender had none, and the words say what was meant."""
    display = value(at, "displayName").lower()
    said = value(at, "code") in PLACEHOLDERS or display.startswith(_DEGRADED)
    return said and bool(words) and words.lower() != display


def coding(at: Element) -> Json:
    """One coding; empty without a code or words for it."""
    code, system = value(at, "code"), value(at, "codeSystem")
    said: Json = {}
    if display := value(at, "displayName"):
        said["display"] = display
    if not code:
        return {}
    named = _SYSTEMS.get(system) or (f"urn:oid:{system}" if system else "")
    if named:
        said["system"] = named
    if named == SNOMED and code[-3:-1] in _DESCRIPTIONS:
        part = {"url": "descriptionId", "valueId": code}
        said["extension"] = [{"url": _DESCRIPTION, "extension": [part]}]
        return said
    return said | {"code": code}


def is_one_of(at: Element | None, codes: frozenset[str]) -> bool:
    """Whether a CD, or any translation of it, has one of `codes`."""
    if at is None:
        return False
    return any(value(one, "code") in codes for one in (at, *children(at, "translation")))
