"""Allergies as AllergyIntolerance. A denied allergy is a statement that there is none, never one.

Source: C-CDA R2.1 Allergy - Intolerance Observation (V2), with its `negationInd`; FHIR R4
AllergyIntolerance, "no known allergies".
"""

from wholerecord.intake.cda import tables
from wholerecord.intake.cda.datatypes import Json, person, plain, words_of
from wholerecord.intake.cda.look import code, every, first, nearest, said, templates, within
from wholerecord.intake.cda.moments import moment, span, when
from wholerecord.intake.cda.telling import Telling
from wholerecord.intake.markup import Element
from wholerecord.intake.reading import Reason

_CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
_SEVERITY, _REACTION = "2.16.840.1.113883.10.20.22.4.8", "2.16.840.1.113883.10.20.22.4.9"
_CRITICALITY = "2.16.840.1.113883.10.20.22.4.145"
#: What a denial denies (SNOMED CT): any substance, or drugs.
_ANY = frozenset({"105590001", "419199007", "418038007", "420134006", ""})
_DRUGS = frozenset({"410942007", "416098002", "373873005", "419511003"})
_NONE = {"system": tables.SNOMED, "code": "716186003", "display": "No known allergies"}
_NO_DRUGS = {"system": tables.SNOMED, "code": "409137002", "display": "No known drug allergies"}


def say_allergies(telling: Telling, entry: Element) -> None:
    """File each allergy of a concern act, or the observation that stands alone."""
    if entry.tag.endswith("observation"):
        _say(telling, entry, entry)
        return
    for _, observation in within(entry, "observation"):
        _say(telling, observation, entry)


def _say(telling: Telling, observation: Element, act: Element) -> None:
    substance = _substance(telling, observation)
    denied = said(observation, "negationInd") == "true"
    if denied:
        substance, refuted = _denied(observation, substance)
    else:
        refuted = False
    if not words_of(substance) and not substance.get("coding"):
        if not said(act, "nullFlavor") and not said(first(observation, "value"), "nullFlavor"):
            telling.fault(Reason.BAD_VALUE, "an allergy whose substance is not named")
        return
    kind, category = tables.PROPENSITY.get(code(observation, "value"), ("", ""))
    start, end = span(first(observation, "effectiveTime"))
    author = nearest(observation, act, "author")
    none = denied and not refuted
    telling.say(
        "AllergyIntolerance",
        observation,
        {
            "code": substance,
            "patient": telling.subject,
            "type": "" if none else kind,
            "category": [category] if category and not none else [],
            "criticality": "" if none else _criticality(observation),
            "reaction": [] if none else _reactions(telling, observation),
            "clinicalStatus": _coded(_CLINICAL, _status(observation, act, end)),
            "verificationStatus": _coded(_VERIFICATION, "refuted" if refuted else ""),
            "recordedDate": moment(said(first(author, "time"), "value")),
            "recorder": person(first(author, "assignedAuthor")) or telling.author,
            **({} if none else when("onset", start, "")),
        },
    )


def _substance(telling: Telling, observation: Element) -> Json:
    """What it is to: the participant's code, its name, else the words of the observation."""
    for participant in every(observation, "participant"):
        playing = first(participant, "participantRole", "playingEntity")
        if playing is None:
            continue
        found = telling.concept(first(playing, "code"))
        if called := plain(first(playing, "name")):
            found = {**found, "text": found.get("text") or called}
        if found:
            return found
    words = telling.text(first(observation, "text")) or telling.text(
        first(observation, "value", "originalText")
    )
    return {"text": words} if words else {}


def _denied(observation: Element, substance: Json) -> tuple[Json, bool]:
    """What a denial says: none known, no drug known, or that one substance is tolerated."""
    codes = {coding["code"] for coding in substance.get("coding", ())}
    of = code(observation, "value")
    if codes & _DRUGS or (not codes - _ANY and of in _DRUGS):
        return {"coding": [_NO_DRUGS], "text": "No known drug allergies"}, False
    if not codes - _ANY and of in _ANY:
        return {"coding": [_NONE], "text": "No known allergies"}, False
    return substance or {"text": "Not named"}, True


def _status(observation: Element, act: Element, end: str) -> str:
    for _, each in within(observation, "observation"):
        if code(each, "code") == "33999-4" and (status := tables.STATUS.get(code(each, "value"))):
            return status
    if end:
        return "resolved"
    return "inactive" if code(act, "statusCode") in {"suspended", "aborted"} else "active"


def _criticality(observation: Element) -> str:
    for _, each in within(observation, "observation"):
        if _CRITICALITY in templates(each):
            return tables.CRITICALITY.get(code(each, "value"), "")
    return ""


def _reactions(telling: Telling, observation: Element) -> list[Json]:
    """Each reaction with how bad it was; a severity said of the allergy is that of its one."""
    found: list[Json] = []
    overall = _severity(observation)
    for relation, each in within(observation, "observation"):
        if relation != "MFST" and _REACTION not in templates(each):
            continue
        manifestation = telling.named(first(each, "value"), each)
        if manifestation:
            severity = _severity(each) or overall
            found.append(
                {"manifestation": [manifestation]} | ({"severity": severity} if severity else {})
            )
    return found


def _severity(observation: Element) -> str:
    for _, each in within(observation, "observation"):
        if _SEVERITY in templates(each) or code(each, "code") == "SEV":
            return tables.SEVERITY.get(code(each, "value"), "")
    return ""


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]} if code else {}
