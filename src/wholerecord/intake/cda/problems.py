"""Problems and diagnoses as Condition; relatives' illnesses as FamilyMemberHistory.

Source: C-CDA R2.1 Problem Observation, Hospital Discharge Diagnosis, Family History Organizer;
FHIR R4 condition-clinical and condition-ver-status.
"""

from wholerecord.intake.cda import tables
from wholerecord.intake.cda.datatypes import Json, person, words_of
from wholerecord.intake.cda.look import code, every, first, nearest, said, within
from wholerecord.intake.cda.moments import moment, span, when
from wholerecord.intake.cda.telling import Telling
from wholerecord.intake.markup import Element
from wholerecord.intake.reading import Reason

_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
#: SNOMED CT: the value of a problem that is denied altogether; and "no current problems".
_PROBLEM = frozenset({"55607006", "64572001", "404684003"})
_NONE = {"system": tables.SNOMED, "code": "160245001", "display": "No current problems"}
#: LOINC 33999-4: the status of what it stands under.
_STATUS_CODE = "33999-4"


def say_problems(telling: Telling, entry: Element, family: str) -> None:
    """File each problem of a concern act, or the observation that stands alone."""
    if entry.tag.endswith("observation"):
        _say(telling, entry, entry, family)
        return
    for _, observation in within(entry, "observation"):
        if tables.SEVERITY.get(code(observation, "value")) is None:
            _say(telling, observation, entry, family)


def _say(telling: Telling, observation: Element, act: Element, family: str) -> None:
    value = first(observation, "value")
    condition = telling.named(value, observation)
    denied = said(observation, "negationInd") == "true"
    if denied and (code(observation, "value") in _PROBLEM or not words_of(condition)):
        _say_none(telling, observation)
        return
    if not condition:
        if said(value, "nullFlavor") or value is None:
            return  # a row of "no information": the narrative says it
        telling.fault(Reason.BAD_VALUE, "a problem that is not named")
        return
    start, end = span(first(observation, "effectiveTime"))
    verification = "refuted" if denied else ""
    author = nearest(observation, act, "author")
    telling.say(
        "Condition",
        observation,
        {
            "code": condition,
            "subject": telling.subject,
            "encounter": telling.encounter if family == "diagnosis" else {},
            "category": [_coded(_CATEGORY, _category(family))],
            "clinicalStatus": {} if denied else _coded(_CLINICAL, _status(observation, act, end)),
            "verificationStatus": _coded(_VERIFICATION, verification),
            "bodySite": [
                c for each in every(observation, "targetSiteCode") if (c := telling.concept(each))
            ],
            "recordedDate": moment(said(first(author, "time"), "value")),
            "recorder": person(first(author, "assignedAuthor")) or telling.author,
            **when("onset", start, ""),
            **when("abatement", end, ""),
        },
    )


def _say_none(telling: Telling, observation: Element) -> None:
    """No known problems, said with a negation: a statement that there is none."""
    telling.say(
        "Condition",
        observation,
        {
            "code": {"coding": [_NONE], "text": "No current problems"},
            "subject": telling.subject,
            "category": [_coded(_CATEGORY, "problem-list-item")],
            "recorder": telling.author,
        },
    )


def _category(family: str) -> str:
    return "encounter-diagnosis" if family == "diagnosis" else "problem-list-item"


def _status(observation: Element, act: Element, end: str) -> str:
    """What a status observation says, else what an end or the concern's own status implies."""
    for _, each in within(observation, "observation"):
        if code(each, "code") == _STATUS_CODE and (
            status := tables.STATUS.get(code(each, "value"))
        ):
            return status
    if end:
        return "resolved"
    return "inactive" if code(act, "statusCode") in {"suspended", "aborted"} else "active"


def say_family(telling: Telling, organizer: Element) -> None:
    """File what one relative has or had."""
    relative = first(organizer, "subject", "relatedSubject")
    conditions: list[Json] = []
    for component in every(organizer, "component"):
        for observation in every(component, "observation"):
            condition = telling.named(first(observation, "value"), observation)
            if condition and said(observation, "negationInd") != "true":
                conditions.append({"code": condition})
    relationship = telling.concept(first(relative, "code")) if relative is not None else {}
    if conditions:
        telling.say(
            "FamilyMemberHistory",
            organizer,
            {
                "status": "completed",
                "patient": telling.subject,
                "date": telling.written,
                "relationship": relationship or {"text": "Relative"},
                "condition": conditions,
            },
        )


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]} if code else {}
