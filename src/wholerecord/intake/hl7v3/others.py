"""Consultations, requests, plans, documents, reports and specimens.

Source: GP2GP ehrComposition, RequestStatement, PlanStatement, NarrativeStatement with an external
document, CompoundStatement (laboratory reporting, specimen).
"""

from wholerecord.intake.hl7v2.telling import fhir_id
from wholerecord.intake.hl7v3.coded import SNOMED, concept
from wholerecord.intake.hl7v3.extract import Extract, notes_of
from wholerecord.intake.hl7v3.held import Holder
from wholerecord.intake.hl7v3.look import (
    Json,
    child,
    children,
    first,
    happened,
    recorded,
    root,
    text,
    value,
    whole,
)
from wholerecord.intake.hl7v3.observed import annotations
from wholerecord.intake.markup import Element, local

_REPORT: Json = {
    "coding": [{"system": SNOMED, "code": "721981007", "display": "Diagnostic studies report"}]
}
_NOPAT = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "NOPAT"}


def say_consultation(extract: Extract, composition: Holder, place: str) -> None:
    """File a composition that is a contact with the patient; others only hold statements."""
    if not composition.is_consultation:
        return
    when = happened(composition.element)
    single = when.get("dateTime", "")
    period = when.get("Period") or ({"start": single, "end": single} if single else {})
    people = extract.agents.named(
        [*composition.authors, *children(composition.element, "Participant2")]
    )
    places = [
        words
        for one in children(composition.element, "location")
        if (words := text(child(one, "locatedEntity", "locatedPlace", "name")))
    ]
    extract.telling.say(
        "Encounter",
        fhir_id(composition.root),
        place,
        {
            "status": "finished",
            "type": [kind] if (kind := concept(composition.code)) else [],
            "subject": extract.telling.subject,
            "period": period,
            "participant": [{"individual": one} for one in people],
            "location": [{"location": {"display": words}} for words in places],
            "meta": {"security": [_NOPAT]} if composition.hidden else {},
        },
    )


def say_request(extract: Extract, n: int) -> None:
    """File a referral (RequestStatement) or what is planned (PlanStatement)."""
    one = extract.said[n]
    referral = local(one.element) == "RequestStatement"
    when = happened(one.element)
    words = text(child(one.element, "text"))
    extract.say(
        n,
        {
            "status": "active" if referral else "unknown",
            "intent": "order" if referral else "plan",
            "category": [{"text": "Referral"}] if referral else [],
            "code": concept(child(one.element, "code")) or {"text": "not named"},
            "subject": extract.telling.subject,
            "encounter": extract.encounter(one),
            **{f"occurrence{kind[:1].upper()}{kind[1:]}": at for kind, at in when.items()},
            "authoredOn": recorded(one.element),
            "requester": first(extract.by(one)),
            "performer": extract.agents.named(children(one.element, "responsibleParty")),
            "note": [{"text": said} for said in (words, _priority(one.element)) if said]
            + annotations(one.element),
        },
    )


def _priority(element: Element) -> str:
    code = child(element, "priorityCode")
    said = text(child(code, "originalText")) or value(code, "displayName")
    return f"Priority: {said}" if said else ""


def say_document(extract: Extract, n: int) -> None:
    """File a document the extract refers to. Its bytes come beside the extract, or not at all."""
    one = extract.said[n]
    documents = [
        held
        for each in children(one.element, "reference")
        if (held := child(each, "referredToExternalDocument")) is not None
    ]
    content: list[Json] = []
    for held in documents:
        words = child(held, "text")
        address = value(child(words, "reference"))
        attachment = {"contentType": value(words, "mediaType"), "url": address}
        content.append({"attachment": {key: said for key, said in attachment.items() if said}})
    kind = concept(child(documents[0], "code")) if documents else {}
    extract.say(
        n,
        {
            "status": "current",
            "type": kind,
            "subject": extract.telling.subject,
            "date": whole(recorded(one.element)) or _midnight(recorded(one.element)),
            "author": extract.by(one),
            "description": text(child(one.element, "text")),
            "content": content,
            "context": {"encounter": [found] if (found := extract.encounter(one)) else []},
        },
    )


def _midnight(day: str) -> str:
    """FHIR's `date` of a document is an instant: a day alone is its first second, in UTC."""
    return f"{day}T00:00:00Z" if len(day) == 10 else ""


def say_report(extract: Extract, n: int) -> None:
    """File a laboratory report with the results it holds."""
    one = extract.said[n]
    results = [found for kid in one.members if (found := extract.reference(root(kid)))]
    extract.say(
        n,
        {
            "status": "final",
            "code": _REPORT,
            "subject": extract.telling.subject,
            "encounter": extract.encounter(one),
            "issued": whole(recorded(one.element)),
            "performer": extract.by(one),
            "specimen": [
                {"reference": f"Specimen/{fhir_id(root(kid))}"}
                for each in children(one.element, "component")
                for kid in each
                if local(kid) == "CompoundStatement" and child(kid, "specimen") is not None
            ],
            "result": results,
            "conclusion": "\n".join(note["text"] for note in notes_of(one.notes)),
        },
    )


def say_specimen(extract: Extract, n: int) -> None:
    """File a specimen: its number, its kind, when it was taken."""
    one = extract.said[n]
    role = child(one.element, "specimen", "specimenRole")
    numbers = [said for each in children(role, "id") if (said := value(each, "extension"))]
    collected = happened(role).get("dateTime", "") if role is not None else ""
    kind = text(child(role, "specimenSpecimenMaterial", "desc"))
    extract.say(
        n,
        {
            "accessionIdentifier": {"value": numbers[0]} if numbers else {},
            "type": {"text": kind} if kind else {},
            "subject": extract.telling.subject,
            "collection": {"collectedDateTime": collected} if collected else {},
            "note": notes_of(one.notes),
        },
    )
