"""Letters, care plans, alerts, teams and what matters to somebody, as FHIR R4."""

import base64
from html import escape

from wholerecord.demo.coding import Json
from wholerecord.demo.happening import Letter, Note, Plan
from wholerecord.demo.r4.clinical import meta
from wholerecord.demo.r4.voice import Voice, moment

#: The category system by which the region's sources say that a statement is about-me or an alert.
_CATEGORY = "https://wholerecord.example/CodeSystem/category"


def letter(what: Letter, subject: Json, voice: Voice) -> Json:
    """A DocumentReference with its text inside."""
    content = {
        "contentType": "text/plain; charset=utf-8",
        "data": base64.b64encode(what.text.encode()).decode(),
        "title": what.title,
        "creation": moment(what.at),
    }
    resource: Json = {
        "resourceType": "DocumentReference",
        "id": what.id,
        "meta": meta(moment(what.at)),
        "identifier": voice.identifier("document", what.id),
        "status": "current",
        "docStatus": "final",
        "type": {"text": what.title},
        "subject": subject,
        "date": moment(what.at),
        "custodian": {"display": voice.title},
        "content": [{"attachment": content}],
    }
    if what.by:
        resource["author"] = [{"display": what.by}]
    return resource


def plan(what: Plan, subject: Json, voice: Voice) -> Json:
    """An active CarePlan with contained goals and simple activities."""
    resource: Json = {
        "resourceType": "CarePlan",
        "id": what.id,
        "meta": meta(moment(what.at)),
        "identifier": voice.identifier("care-plan", what.id),
        "contained": [
            {
                "resourceType": "Goal",
                "id": f"goal-{place}",
                "lifecycleStatus": "active",
                "description": {"text": goal},
                "subject": subject,
            }
            for place, goal in enumerate(what.goals, start=1)
        ],
        "status": "active",
        "intent": "plan",
        "title": what.title,
        "subject": subject,
        "created": moment(what.at),
        "goal": [{"reference": f"#goal-{n}"} for n in range(1, len(what.goals) + 1)],
        "activity": [
            {"detail": {"status": "in-progress", "description": activity}}
            for activity in what.activities
        ],
    }
    if what.by:
        resource["author"] = {"display": what.by}
    return resource


def note(what: Note, subject: Json, voice: Voice) -> Json:
    """A Flag for an alert, a CareTeam for a team, else an about-me Composition's text."""
    tagged = meta(moment(what.at)) | {"tag": [{"system": _CATEGORY, "code": what.kind}]}
    shared: Json = {"id": what.id, "meta": tagged}
    if what.kind == "alert":
        return {
            "resourceType": "Flag",
            **shared,
            "identifier": voice.identifier("flag", what.id),
            "status": "active",
            "code": {"text": what.title},
            "subject": subject,
            "period": {"start": moment(what.at)},
        }
    if what.kind == "team":
        return {
            "resourceType": "CareTeam",
            **shared,
            "identifier": voice.identifier("care-team", what.id),
            "status": "active",
            "name": what.title,
            "subject": subject,
            "participant": [
                {"role": [{"text": role}], "member": {"display": name}} for role, name in what.lines
            ],
        }
    return {
        "resourceType": "Composition",
        **shared,
        "status": "final",
        "type": {"text": what.title},
        "subject": subject,
        "date": moment(what.at),
        "author": [subject],
        "title": what.title,
        "section": [
            {"title": asked, "text": {"status": "generated", "div": _div(answer)}}
            for asked, answer in what.lines
        ],
    }


def _div(words: str) -> str:
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{escape(words)}</div>'
