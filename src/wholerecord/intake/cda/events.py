"""What was done: procedures and encounters, the document's own encounter among them.

Source: C-CDA R2.1 Procedure Activity Procedure, Act and Observation, Encounter Activity;
CDA R2 header, `componentOf/encompassingEncounter`.
"""

from wholerecord.intake.cda.datatypes import Json, identifiers, person, plain, words_of
from wholerecord.intake.cda.look import code, every, first, said, within
from wholerecord.intake.cda.moments import span, when
from wholerecord.intake.cda.telling import Telling, number_of
from wholerecord.intake.fhir.ids import id_by_content
from wholerecord.intake.markup import Element
from wholerecord.intake.reading import Reason

_STATUS = {
    "completed": "completed",
    "active": "in-progress",
    "aborted": "stopped",
    "cancelled": "not-done",
    "nullified": "entered-in-error",
}
_ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_CLASSES = frozenset({"AMB", "IMP", "EMER", "HH", "ACUTE", "SS", "VR", "OBSENC", "NONAC", "FLD"})


def say_procedure(telling: Telling, entry: Element) -> None:
    """File one procedure; one that is denied was not done."""
    named = telling.named(first(entry, "code"), entry)
    if not (words_of(named) or named.get("coding")):
        if not said(entry, "nullFlavor") and not said(first(entry, "code"), "nullFlavor"):
            telling.fault(Reason.BAD_VALUE, "a procedure that is not named")
        return
    start, end = span(first(entry, "effectiveTime"))
    actors = [
        {"actor": found}
        for performer in every(entry, "performer")
        if (found := person(first(performer, "assignedEntity")))
    ]
    denied = said(entry, "negationInd") == "true"
    telling.say(
        "Procedure",
        entry,
        {
            "status": "not-done" if denied else _STATUS.get(code(entry, "statusCode"), "unknown"),
            "code": named,
            "subject": telling.subject,
            "performer": actors,
            "recorder": telling.author,
            "bodySite": [
                c for each in every(entry, "targetSiteCode") if (c := telling.concept(each))
            ],
            **when("performed", start, end),
        },
    )


def say_encounter(telling: Telling, entry: Element) -> None:
    """File one contact or stay of an encounters section."""
    kind = telling.named(first(entry, "code"), entry)
    start, end = span(first(entry, "effectiveTime"))
    if not (kind or start or end):
        return
    places = [
        place
        for participant in every(entry, "participant")
        if said(participant, "typeCode") == "LOC"
        and (place := _place(first(participant, "participantRole")))
    ]
    people = [
        {"individual": found}
        for performer in every(entry, "performer")
        if (found := person(first(performer, "assignedEntity")))
    ]
    reasons = [
        reason
        for relation, each in within(entry, "observation")
        if relation == "RSON" and (reason := telling.named(first(each, "value"), each))
    ]
    body: Json = {
        "status": "finished",
        "class": _class(first(entry, "code")),
        "type": [kind] if kind else [],
        "subject": telling.subject,
        "participant": people,
        "reasonCode": reasons,
        "period": _period(start, end),
        "location": [{"location": {"display": each}} for each in places],
        "identifier": identifiers(entry),
    }
    telling.say("Encounter", entry, body)


def say_visit(telling: Telling, root: Element) -> None:
    """File the encounter the document was written in, and let what follows refer to it."""
    visit = first(root, "componentOf", "encompassingEncounter")
    if visit is None:
        return
    start, end = span(first(visit, "effectiveTime"))
    kind = telling.concept(first(visit, "code"))
    if not (start or end or kind or number_of(visit)):
        return
    party = first(visit, "responsibleParty", "assignedEntity")
    facility = first(visit, "location", "healthCareFacility")
    people = [{"individual": found} for each in [party] if (found := person(each))]
    discharged = telling.concept(first(visit, "dischargeDispositionCode"))
    provider = plain(first(facility, "serviceProviderOrganization", "name"))
    place = plain(first(facility, "location", "name"))
    body: Json = {
        "status": "finished" if end else "unknown",
        "class": _class(first(visit, "code")),
        "type": [kind] if kind else [],
        "subject": telling.subject,
        "participant": people,
        "period": _period(start, end),
        "location": [{"location": {"display": place}}] if place else [],
        "hospitalization": {"dischargeDisposition": discharged} if discharged else {},
        "serviceProvider": {"display": provider} if provider else {},
        "identifier": identifiers(visit),
    }
    known_by = number_of(visit) or id_by_content(body)
    said_as = telling.say("Encounter", visit, body, id=known_by)
    telling.encounter = {"reference": f"Encounter/{said_as}"}


def _class(element: Element | None) -> Json:
    """The class, where the code or a translation of it is one; else that it is not said."""
    for each in (element, *every(element, "translation")) if element is not None else ():
        if said(each, "code") in _CLASSES:
            return {"system": _ACT, "code": said(each, "code")}
    return {"system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "UNK"}


def _period(start: str, end: str) -> Json:
    return {key: value for key, value in (("start", start), ("end", end)) if value}


def _place(role: Element | None) -> str:
    return plain(first(role, "playingEntity", "name"))
