"""ObservationStatement, NarrativeStatement and batteries as Observations.

Source: GP2GP ObservationStatement; HL7 v3 data types PQ, IVL_PQ, CD, ST; FHIR R4 vital signs (a
blood pressure is one Observation of two components).
"""

import re
from decimal import Decimal

from wholerecord.intake.hl7v3.coded import SNOMED, concept
from wholerecord.intake.hl7v3.extract import Extract, notes_of, plain
from wholerecord.intake.hl7v3.look import (
    Json,
    child,
    children,
    happened,
    recorded,
    root,
    text,
    value,
    whole,
)
from wholerecord.intake.hl7v3.stated import Stated, pressures
from wholerecord.intake.markup import Element, local

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NUMBER = re.compile(r"[+-]?(?:\d{1,32}(?:\.\d{1,32})?|\.\d{1,32})", re.ASCII)
_COMMENT: Json = {
    "coding": [{"system": SNOMED, "code": "37331000000100", "display": "Comment note"}]
}
_LOINC = "http://loinc.org"
_PRESSURES = (("8480-6", "Systolic blood pressure"), ("8462-4", "Diastolic blood pressure"))
_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_FLAGS = {"HI": "H", "LO": "L", "PA": "A", "OR": "A"}
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"


def say_observation(extract: Extract, n: int) -> None:
    """File the `n`-th statement as an Observation."""
    one = extract.said[n]
    said: Json = {
        "status": "final" if _is_complete(one.element) else "preliminary",
        "category": _category(one),
        "subject": extract.telling.subject,
        "encounter": extract.encounter(one),
        "issued": whole(recorded(one.element)),
        "performer": extract.by(one),
    }
    said |= {f"effective{kind[:1].upper()}{kind[1:]}": at for kind, at in _when(one).items()}
    if one.specimen is not None:
        said["specimen"] = extract.reference(one.specimen.root)
    if local(one.element) == "NarrativeStatement":
        words = plain(text(child(one.element, "text")))
        when = {"effectiveDateTime": recorded(one.element)}
        extract.say(n, {**said, **when, "code": _COMMENT, "valueString": words})
        return
    said["code"] = concept(child(one.element, "code")) or {"text": "not named"}
    said["note"] = annotations(one.element) + notes_of(one.notes)
    if one.members:
        said |= _held(extract, one, said)
    else:
        said |= measured(one.element)
    extract.say(n, said)


def measured(element: Element) -> Json:
    """Value, interpretation and reference ranges of an ObservationStatement."""
    said = _value(child(element, "value"))
    if (flag := child(element, "interpretationCode")) is not None:
        said["interpretation"] = [_interpretation(flag)]
    ranges = [
        found
        for one in children(element, "referenceRange")
        if (found := _range(child(one, "referenceInterpretationRange")))
    ]
    if ranges:
        said["referenceRange"] = ranges
    return said


def annotations(element: Element) -> list[Json]:
    """What is written beside a statement."""
    said = (
        text(child(one, "pertinentAnnotation", "text"))
        for one in children(element, "pertinentInformation")
    )
    return [{"text": words} for words in said if words]


def _held(extract: Extract, one: Stated, said: Json) -> Json:
    """A group's members; of a blood pressure its two parts."""
    parts = pressures(one.members)
    if parts is None:
        members = [found for kid in one.members if (found := extract.reference(root(kid)))]
        return {"hasMember": members}
    code: Json = dict(said["code"])
    panel = {"system": _LOINC, "code": "85354-9", "display": "Blood pressure panel"}
    code["coding"] = [*code.get("coding", ()), panel]
    component: list[Json] = []
    for part, (loinc, display) in zip(parts, _PRESSURES, strict=True):
        own = concept(child(part, "code"))
        codings = [*own.get("coding", ()), {"system": _LOINC, "code": loinc, "display": display}]
        found = measured(part)
        if not any(key.startswith("value") for key in found):
            found["dataAbsentReason"] = {"text": "no value was recorded"}
        component.append({"code": {**own, "coding": codings}, **found})
        said["note"] = [*said["note"], *annotations(part)]
    return {"code": code, "component": component, "note": said["note"]}


def _when(one: Stated) -> Json:
    """When it was: its own time, else when its specimen was taken."""
    if when := happened(one.element):
        return when
    role = one.specimen.role if one.specimen is not None else None
    return happened(role) if role is not None else {}


def _category(one: Stated) -> list[Json]:
    said: list[Json] = []
    if one.report or one.specimen is not None:
        said.append({"coding": [{"system": _CATEGORY, "code": "laboratory"}]})
    elif one.members and pressures(one.members):
        said.append({"coding": [{"system": _CATEGORY, "code": "vital-signs"}]})
    return [*said, {"text": one.heading}] if one.heading else said


def _is_complete(element: Element) -> bool:
    return value(child(element, "statusCode"), "code").upper() in {"", "COMPLETE", "COMPLETED"}


def _value(said: Element | None) -> Json:
    """`value[x]` by the type that `xsi:type` names; what does not fit its type stays text."""
    if said is None or value(said, "nullFlavor"):
        return {}
    kind = (said.get(_XSI) or "").rpartition(":")[2]
    if kind in {"PQ", "INT", "REAL"} and (number := quantity(said)):
        return {"valueQuantity": number}
    if kind == "IVL_PQ" and (found := _interval(said)):
        return found
    if kind in {"CD", "CE", "CV"} and (coded := concept(said)):
        return {"valueCodeableConcept": coded}
    words = text(said) or value(said)
    return {"valueString": words} if words else {}


def quantity(said: Element | None) -> Json:
    """A number as written; GP2GP keeps the unit that was meant in the translation."""
    number = value(said)
    if said is None or not _NUMBER.fullmatch(number):
        return {}
    unit = text(child(said, "translation", "originalText")) or value(said, "unit")
    made: Json = {"value": Decimal(number)}
    return made | ({"unit": unit} if unit and unit != "1" else {})


def _interval(said: Element) -> Json:
    """An open interval is a number with a comparator, a closed one a range."""
    low, high = child(said, "low"), child(said, "high")
    first, last = quantity(low), quantity(high)
    if first and last:
        return {"valueRange": {"low": first, "high": last}}
    for end, number, mark in ((low, first, ">"), (high, last, "<")):
        if number:
            within = value(end, "inclusive") != "false"
            return {"valueQuantity": {**number, "comparator": mark + ("=" if within else "")}}
    return {}


def _range(said: Element | None) -> Json:
    held = child(said, "value")
    found = {end: number for end in ("low", "high") if (number := quantity(child(held, end)))}
    words = text(child(said, "text"))
    return found | ({"text": words} if words else {})


def _interpretation(flag: Element) -> Json:
    code, words = (
        value(flag, "code"),
        text(child(flag, "originalText")) or value(flag, "displayName"),
    )
    said: Json = {"text": words or code}
    if code in _FLAGS:
        said["coding"] = [{"system": _INTERPRETATION, "code": _FLAGS[code]}]
    return said
