"""`GET /record/fhir/Person/{id}`: which patients a person is, or was, and by which decisions.

Source: FHIR R4, Person: who is behind several Patients, with a link to each. A link's decision,
with its weight and reason, is an extension of ours; so are those about patients who are not there.
Who has become another since is not active, and has a link to the Person they are now.
"""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Door, Opened, Refused
from wholerecord.care.titles import titles_of
from wholerecord.consent import View
from wholerecord.fhir.given import moment_of
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.record.said_by import Json, without_empty
from wholerecord.fhir.request import Api
from wholerecord.people import LinkEvent
from wholerecord.record import PersonId

_SOURCE = "https://wholerecord.example/Id/source"
_DECISION = "https://wholerecord.example/StructureDefinition/link-decision"


async def read_person(api: Api, request: Request) -> Response:
    """200 with the Person, with `_at` as the links stood at that moment; 400, 403."""
    door, purpose = await api.open_for(request)
    at = at_of(request)
    person = PersonId(request.path_params["id"])
    opened = await door.open(
        person, purpose=purpose, view=View.DEMOGRAPHICS, part="identity", at=at
    )
    if isinstance(opened, Refused):
        return refusal(opened)
    return answer(await _person(door, opened, at))


def at_of(request: Request) -> datetime | None:
    """The moment that a read is about, None for now.

    Raises:
        Problem: 400, it is none.
    """
    return moment_of(request.query_params.get("_at"), "_at")


async def _person(door: Door, opened: Opened, at: datetime | None) -> Json:
    titles = titles_of(opened.feeds)
    events = await door.links(opened, at=at)
    links = [
        {
            "extension": [
                _decision(event, opened.person)
                for event in events
                if event.patient == member.patient
            ],
            "target": {
                "type": "Patient",
                "identifier": {"system": f"{_SOURCE}/{member.source}", "value": member.number},
                "display": titles.get(member.source, member.source),
            },
        }
        for member in opened.members
    ]
    if opened.now is not None:
        links.append({"target": {"reference": f"Person/{opened.now}", "type": "Person"}})
    there = {member.patient for member in opened.members}
    past = [event for event in events if event.patient not in there]
    return without_empty(
        {
            "resourceType": "Person",
            "id": opened.person,
            "extension": [_decision(event, opened.person) for event in past],
            "active": bool(opened.members) and opened.now is None,
            "link": [without_empty(link) for link in links],
        }
    )


def _decision(event: LinkEvent, person: PersonId) -> Json:
    """One decision: what, when, by whom, why, by how many bits and which model; never a name.

    `here` is whether it is of this person that it speaks: nobody else is named by it.
    """
    said: list[Json] = [
        {"url": "act", "valueCode": event.act.value},
        {"url": "at", "valueInstant": event.at.isoformat()},
        {"url": "by", "valueString": event.by},
        {"url": "here", "valueBoolean": event.person == person},
        {"url": "bits", "valueDecimal": round(event.weight, 3)},
    ]
    words = {"why": event.why, "model": event.model}
    said += [{"url": name, "valueString": text} for name, text in words.items() if text]
    said += [
        {
            "url": "evidence",
            "extension": [
                {"url": "comparison", "valueString": part.comparison},
                {"url": "bits", "valueDecimal": round(part.weight, 3)},
                {"url": "why", "valueString": part.why},
            ],
        }
        for part in event.parts
    ]
    return {"url": _DECISION, "extension": said}
