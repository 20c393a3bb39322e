"""Results, vital signs and what else was observed, as Observation and DiagnosticReport.

Source: C-CDA R2.1 Result Organizer, Vital Signs Organizer, Social History and Assessment Scale
Observations; FHIR R4 Observation.
"""

from wholerecord.intake.cda import tables
from wholerecord.intake.cda.datatypes import Json, number, person, quantity, words_of
from wholerecord.intake.cda.look import code, every, first, inner, kind_of_value, said, within
from wholerecord.intake.cda.moments import instant, moment, span, when
from wholerecord.intake.cda.telling import Telling
from wholerecord.intake.markup import Element
from wholerecord.intake.reading import Reason

_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_FLAGS = frozenset({"A", "AA", "H", "HH", "HU", "L", "LL", "LU", "N", "POS", "NEG", "S", "R", "I"})
_STATUS = {
    "completed": "final",
    "active": "preliminary",
    "aborted": "cancelled",
    "cancelled": "cancelled",
    "held": "registered",
    "suspended": "registered",
    "nullified": "entered-in-error",
}
_NULL = {"NASK": "not-asked", "ASKU": "asked-unknown", "MSK": "masked", "NAV": "temp-unknown"}
#: LOINC: the codes of blocks that only hold others, and of a status that is not an observation.
_NOT_OBSERVATIONS = frozenset({"33999-4", "SEV", "11323-3"})


def say_results(telling: Telling, entry: Element, family: str) -> None:
    """File a report with its observations, or the one observation that stands alone."""
    if entry.tag.endswith("observation"):
        _say(telling, entry, family, None)
        return
    if not entry.tag.endswith("organizer"):
        for _, each in within(entry, "observation", "organizer"):
            say_results(telling, each, family)
        return
    ids = [
        found
        for component in every(entry, "component")
        for observation in every(component, "observation")
        if (found := _say(telling, observation, family, entry))
    ]
    if family == "result" and ids:
        _say_report(telling, entry, ids)


def _say(telling: Telling, observation: Element, family: str, panel: Element | None) -> str:
    """File one observation and return its id, "" for none."""
    named = telling.named(first(observation, "code"), observation)
    if code(observation, "code") in _NOT_OBSERVATIONS:
        return ""
    if said(observation, "negationInd") == "true":
        telling.fault(Reason.NOT_READ_YET, "an observation with a negation")
        return ""
    value = _value(telling, observation)
    if not named or not (words_of(named) or named.get("coding")):
        if value:
            telling.fault(Reason.BAD_VALUE, "an observation that is not named")
        return ""
    start, end = span(first(observation, "effectiveTime"))
    if not (start or end) and panel is not None:
        start, end = span(first(panel, "effectiveTime"))
    author = first(observation, "author")
    by = person(first(observation, "performer", "assignedEntity")) or telling.author
    return telling.say(
        "Observation",
        observation,
        {
            "status": _STATUS.get(code(observation, "statusCode"), "unknown"),
            "category": _category(family),
            "code": named,
            "subject": telling.subject,
            "encounter": telling.encounter,
            "issued": instant(said(first(author, "time"), "value")),
            "performer": [by] if by else [],
            "interpretation": _interpretation(telling, observation),
            "referenceRange": _ranges(telling, observation),
            "method": telling.concept(first(observation, "methodCode")),
            "bodySite": telling.concept(first(observation, "targetSiteCode")),
            **when("effective", start, end),
            **value,
        },
    )


def _category(family: str) -> list[Json]:
    found = tables.OBSERVATION.get(family)
    return [{"coding": [{"system": _CATEGORY, "code": found}]}] if found else []


def _value(telling: Telling, observation: Element) -> Json:
    value = first(observation, "value")
    if value is None:
        return {}
    kind = kind_of_value(value)
    if kind in {"CD", "CE", "CV", "CO", "CS"}:
        concept = telling.concept(value)
        return {"valueCodeableConcept": concept} if concept else _absent(value)
    if kind in {"PQ", "INT", "REAL", "MO"}:
        found = quantity(value)
        return {"valueQuantity": found} if found else _translated(value) or _absent(value)
    if kind in {"IVL_PQ", "IVL_INT", "IVL_REAL"}:
        return _interval(value) or _absent(value)
    if kind == "BL" and said(value, "value") in {"true", "false"}:
        return {"valueBoolean": said(value, "value") == "true"}
    if kind == "TS" and (at := moment(said(value, "value"))):
        return {"valueDateTime": at}
    if kind in {"RTO", "RTO_PQ_PQ", "RTO_INT_INT"}:
        parts = [said(first(value, part), "value") for part in ("numerator", "denominator")]
        return {"valueString": ":".join(parts)} if all(parts) else _absent(value)
    words = telling.text(value) or said(value, "value")
    return {"valueString": words} if words else _absent(value)


def _translated(value: Element) -> Json:
    """A quantity that is only words (`originalText` or a translation)."""
    for each in (value, *every(value, "translation")):
        text = inner(each).strip() or said(each, "value")
        if text:
            return {"valueString": text[:2000]}
    return {}


def _interval(value: Element) -> Json:
    """`>=` and `<` for an open interval, a range in words for a closed one."""
    low, high = first(value, "low"), first(value, "high")
    least, most = quantity(low), quantity(high)
    if least and most:
        return {"valueRange": {"low": least, "high": most}}
    for end, found, sign in ((low, least, ">"), (high, most, "<")):
        if found:
            included = said(end, "inclusive") != "false"
            return {"valueQuantity": {**found, "comparator": f"{sign}=" if included else sign}}
    return {}


def _absent(value: Element) -> Json:
    flavour = said(value, "nullFlavor").upper()
    if not flavour:
        return {}
    coding = {"system": _ABSENT, "code": _NULL.get(flavour, "unknown")}
    return {"dataAbsentReason": {"coding": [coding]}}


def _interpretation(telling: Telling, observation: Element) -> list[Json]:
    found: list[Json] = []
    for each in every(observation, "interpretationCode"):
        if said(each, "code") in _FLAGS:
            found.append({"coding": [{"system": _INTERPRETATION, "code": said(each, "code")}]})
        elif other := telling.concept(each):
            found.append(other)
    return found


def _ranges(telling: Telling, observation: Element) -> list[Json]:
    found: list[Json] = []
    for each in every(observation, "referenceRange"):
        spoken = first(each, "observationRange")
        if spoken is None:
            continue
        value = first(spoken, "value")
        one: Json = {}
        for part in ("low", "high"):
            limit = first(value, part)
            if (amount := quantity(limit)) and number(said(limit, "value")) is not None:
                one[part] = amount
        if not one and (text := telling.text(first(spoken, "text"))):
            one["text"] = text
        if one:
            found.append(one)
    return found


def _say_report(telling: Telling, organizer: Element, ids: list[str]) -> None:
    start, end = span(first(organizer, "effectiveTime"))
    telling.say(
        "DiagnosticReport",
        organizer,
        {
            "status": _STATUS.get(code(organizer, "statusCode"), "unknown"),
            "code": telling.named(first(organizer, "code"), organizer) or {"text": "Results"},
            "subject": telling.subject,
            "encounter": telling.encounter,
            "result": [{"reference": f"Observation/{each}"} for each in ids],
            **when("effective", start, end),
        },
    )
