"""An investigation as an Observation.

Source: NHS pathology messages, segments INV, RSL (NV a number, CV a code), STS, FTX (RIT the result
in words, SPC a comment, CRR a reason), RND and S20.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from wholerecord.intake.edifact import tables
from wholerecord.intake.edifact.parties import Json
from wholerecord.intake.edifact.sections import Test
from wholerecord.intake.edifact.syntax import Segment
from wholerecord.intake.edifact.words import NAME, TEXT, free_text, joined

_NUMBER = re.compile(r"(<=|>=|<|>)?\s*([+-]?(?:\d{1,32}(?:\.\d{0,32})?|\.\d{1,32}))", re.ASCII)
_LABORATORY = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/observation-category",
            "code": "laboratory",
        }
    ]
}


def observation(test: Test) -> Json:
    """What a test says, without whom and when."""
    inv = next((one for one in test.segments if one.tag == "INV"), None)
    rsl = next((one for one in test.segments if one.tag == "RSL"), None)
    words, comment = free_text(test.segments, "RIT"), free_text(test.segments, "SPC")
    value = value_of(rsl) if rsl else {}
    notes = [comment]
    if not value and words:
        value, words = {"valueString": words}, ""
    notes.append(words)
    return {
        "status": _status(test.segments),
        "category": [_LABORATORY],
        "code": (code_of(inv, 2) if inv else {}) or {"text": "not named"},
        "interpretation": _interpretation(rsl) if rsl else [],
        "referenceRange": [found for one in test.ranges if (found := _range(one))],
        "note": [{"text": note} for note in notes if note],
        **value,
    }


def code_of(segment: Segment, element: int) -> Json:
    """`code:list:agency:words` as a CodeableConcept; empty when it says nothing."""
    return _concept(segment.parts(element))


def value_of(rsl: Segment) -> Json:
    """RSL as `value[x]`: a number with its unit, a code, or the words; empty for no value."""
    if rsl.text(1) == "CV":
        coded = _concept(rsl.parts(2)[2:])
        return {"valueCodeableConcept": coded} if coded else {}
    number = quantity_of(rsl.parts(2), rsl)
    if number:
        return {"valueQuantity": number}
    words = joined(rsl.parts(2), TEXT)
    return {"valueString": words} if words else {}


def quantity_of(said: Sequence[str], segment: Segment) -> Json:
    """A number with its comparator and the unit of the segment; empty when it is no number."""
    value = said[0].strip() if said else ""
    match = _NUMBER.fullmatch(value)
    if match is None:
        return {}
    written = match[2].rstrip(".") if match[2].endswith(".") else match[2]
    quantity: Json = {"value": Decimal(written)}
    compared = match[1] or (tables.COMPARATOR.get(said[1].strip(), "") if len(said) > 1 else "")
    if compared:
        quantity["comparator"] = compared
    if unit := _unit(segment):
        quantity["unit"] = unit
    return quantity


def _unit(segment: Segment) -> str:
    """The unit as the laboratory wrote it: QTY has it second, RSL and RND fourth."""
    parts = segment.parts(2 if segment.tag == "QTY" else 4)
    return next((part for one in (*parts[3:], *parts[:1]) if (part := one.strip())), "")


def _concept(parts: Sequence[str]) -> Json:
    code = parts[0].strip() if parts else ""
    listed = parts[1].strip() if len(parts) > 1 else ""
    words = joined(parts[3:], NAME)
    coding: Json = {}
    if code:
        coding["code"] = code
        if system := tables.SYSTEMS.get(listed):
            coding["system"] = system
        if words:
            coding["display"] = words
    said: Json = {"coding": [coding]} if coding else {}
    return said | ({"text": words} if words else {})


def _status(segments: Sequence[Segment]) -> str:
    said = next((one.text(2) for one in segments if one.tag == "STS"), "")
    return tables.RESULT_STATUS.get(said, "unknown")


def _interpretation(rsl: Segment) -> list[Json]:
    code = rsl.text(5)
    if code in tables.FLAGS:
        mapped, words = tables.FLAGS[code]
        return [{"coding": [{"system": tables.INTERPRETATION, "code": mapped}], "text": words}]
    return [{"text": code}] if code else []


def _range(group: Sequence[Segment]) -> Json:
    """One S20: its bounds, and the population it holds for as words."""
    said: Json = {}
    for one in group:
        if one.tag == "RND":
            for end, element in (("low", 2), ("high", 3)):
                if bound := quantity_of(one.parts(element), one):
                    said[end] = bound
                elif words := one.text(element):
                    said["text"] = words
    if applies := free_text(group, "RPD"):
        said["appliesTo"] = [{"text": applies}]
    return said
