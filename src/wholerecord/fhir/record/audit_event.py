"""An opening as FHIR R4 AuditEvent, and the search that gives a person's.

Source: IHE Basic Audit Log Patterns (BALP) 1.1: Read, Create, Update and Delete, each with and
without a patient, and DICOM PS3.15 (agent and source codes). The patterns are of what succeeded, so
a refusal names none. An opening does not say through which program somebody looked, nor by which
network: the agents are there, as the patterns ask, and say so. What was found by a search is an
opening of each person found, so it is a read of each: the pattern of a query has the words that
were searched for, which are kept nowhere.
"""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Door, Refused
from wholerecord.audit import Opening
from wholerecord.consent import Purpose, Role, View
from wholerecord.errors import Incorrect
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.query import only
from wholerecord.fhir.record.audit_pars import PARS, pars
from wholerecord.fhir.request import Api
from wholerecord.record import PersonId

_PROFILE = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_ENTITY = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
_OBJECT = "http://terminology.hl7.org/CodeSystem/object-role"
_ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
#: Why, in HL7's words. Planning and safety review are both part of running the service.
_PURPOSES = {
    Purpose.DIRECT_CARE.value: "TREAT",
    Purpose.EMERGENCY.value: "ETREAT",
    Purpose.OWN_RECORD.value: "PATRQT",
    Purpose.ADMINISTRATION.value: "PATADMIN",
    Purpose.SAFETY_REVIEW.value: "HOPERAT",
    Purpose.PLANNING.value: "HOPERAT",
    Purpose.RESEARCH.value: "HRESCH",
}
_ABSENT = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            "valueCode": "unknown",
        }
    ]
}
_UNKNOWN = _ABSENT | {"display": "not written down"}


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern of BALP: its name, the interaction, the action, and what each agent is in it."""

    name: str
    interaction: str
    action: str
    client: tuple[str, str, str]
    server: tuple[str, str, str]
    user: tuple[str, str] = ("AUT", "author (originator)")


_SOURCE = (_DICOM, "110153", "Source Role ID")
_DESTINATION = (_DICOM, "110152", "Destination Role ID")
_APPLICATION = (_DICOM, "110150", "Application")
_CUSTODIAN = (
    "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
    "custodian",
    "Custodian",
)
_RECIPIENT = ("IRCP", "information recipient")
_READ = _Pattern("Read", "read", "R", _DESTINATION, _SOURCE, _RECIPIENT)
_CREATE = _Pattern("Create", "create", "C", _SOURCE, _DESTINATION)
_UPDATE = _Pattern("Update", "update", "U", _SOURCE, _DESTINATION)
_DELETE = _Pattern("Delete", "delete", "D", _APPLICATION, _CUSTODIAN)
_WRITING = frozenset({View.SAY.value, View.REGISTER.value})
_BY_METHOD = {"POST": _CREATE, "PUT": _UPDATE, "PATCH": _UPDATE, "DELETE": _DELETE}
_KNOWN = frozenset({"patient", "_count", "before", "_profile"})
#: AuditEvents in one answer, unless fewer are asked for; and the most.
_PAGE, _MOST = 100, 1000


async def audit_events(api: Api, request: Request) -> Response:
    """`GET AuditEvent?patient=`: a person's openings, newest first, a page at a time.

    No total is said: counting them all would cost as much as there are.
    For governance, and for the person themselves; the asking is an opening too.
    """
    door, purpose = await api.open_for(request)
    query = request.query_params
    only(query, _KNOWN)
    for_pars = query.get("_profile", "") == PARS
    if "_profile" in query and not for_pars:
        raise Incorrect(f"`_profile` is {PARS}, or left out.")
    person = PersonId(query.get("patient", "").removeprefix("Patient/"))
    if not person:
        raise Incorrect("Say whose: `patient` is an id.")
    count = min(_number(query.get("_count", str(_PAGE)), "_count"), _MOST)
    before = _number(query["before"], "before") if "before" in query else None
    if door.actor.role is Role.GOVERNANCE:
        purpose = Purpose.SAFETY_REVIEW
    looks = await door.who_looked(person, purpose=purpose, limit=count + 1, before=before)
    if isinstance(looks, Refused):
        return refusal(looks)
    number = await _nhs_number(door, person, purpose) if for_pars else ""
    resources = [audit_event(look) for look in looks[:count]]
    if for_pars:
        site = str(request.base_url)
        told = zip(looks, resources, strict=False)
        resources = [pars(look, said, number, site) for look, said in told]
    links = [{"relation": "self", "url": f"AuditEvent?{query}"}]
    if len(looks) > count > 0:
        further = f"AuditEvent?patient={person}&_count={count}&before={looks[count - 1].n}"
        further += f"&_profile={PARS}" if for_pars else ""
        links.append({"relation": "next", "url": further})
    return answer(
        {
            "resourceType": "Bundle",
            "type": "searchset",
            "link": links,
            "entry": [{"resource": one, "search": {"mode": "match"}} for one in resources],
        }
    )


async def _nhs_number(door: Door, person: PersonId, purpose: Purpose) -> str:
    """The person's NHS number, "" where it is not known or not for this asker. Audited."""
    view = View.FIND if door.actor.role is Role.GOVERNANCE else View.DEMOGRAPHICS
    opened = await door.open(person, purpose=purpose, view=view, part="AuditEvent")
    if isinstance(opened, Refused):
        return ""
    known = (member.demographics.nhs_number for member in opened.members)
    return next((number.digits for number in known if number), "")


def _pattern_of(look: Opening) -> _Pattern:
    """What was done, by the methods of what was written: all alike, or it is a change."""
    if look.view == View.RULING.value:
        return _UPDATE
    if look.view not in _WRITING:
        return _READ
    words = {each.strip().partition(" ")[0] for each in look.part.split(",")}
    found = {_BY_METHOD[word] for word in words if word in _BY_METHOD} or {_CREATE}
    return found.pop() if len(found) == 1 else _UPDATE


def audit_event(look: Opening) -> dict[str, Any]:
    """The opening as an AuditEvent: one to one, and nothing of what was seen but its versions."""
    pattern = _pattern_of(look)
    of_patient = "" if look.person is None else "Patient"
    return {
        "resourceType": "AuditEvent",
        "id": str(look.n),
        **(
            {"meta": {"profile": [f"{_PROFILE}{of_patient}{pattern.name}"]}} if look.allowed else {}
        ),
        "type": _coding(
            "http://terminology.hl7.org/CodeSystem/audit-event-type", "rest", "RESTful Operation"
        ),
        "subtype": [
            _coding(
                "http://hl7.org/fhir/restful-interaction", pattern.interaction, pattern.interaction
            )
        ],
        "action": pattern.action,
        "recorded": look.at.isoformat(),
        "outcome": "0" if look.allowed else "4",
        "outcomeDesc": look.reason or "no reason",
        "purposeOfEvent": [
            {
                "coding": [_coding(_REASON, _PURPOSES.get(look.purpose, "HOPERAT"))],
                "text": f"{look.purpose}: {look.given}" if look.given else look.purpose,
            }
        ],
        "agent": _agents(look, pattern),
        "source": {
            "observer": {"display": "Wholerecord"},
            "type": [_coding("http://terminology.hl7.org/CodeSystem/security-source-type", "4")],
        },
        "entity": [*_patient(look), _data(look), _seen(look)],
    }


def _agents(look: Opening, pattern: _Pattern) -> list[dict[str, Any]]:
    participation = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
    who: dict[str, Any] = {"identifier": {"value": look.actor}, "display": look.name or look.actor}
    user: dict[str, Any] = {
        "type": {"coding": [_coding(participation, *pattern.user)]},
        "role": [{"text": look.role}],
        "who": who,
        "requestor": True,
    }
    if look.organisation:
        user["who"]["identifier"]["assigner"] = {
            "identifier": {"system": _ODS, "value": look.organisation}
        }
    client, server = ({"coding": [_coding(*one)]} for one in (pattern.client, pattern.server))
    return [
        {"type": client, "who": _UNKNOWN, "network": _ABSENT, "requestor": False},
        {
            "type": server,
            "who": {"display": "Wholerecord"},
            "network": _ABSENT,
            "requestor": False,
        },
        user,
    ]


def _patient(look: Opening) -> list[dict[str, Any]]:
    if look.person is None:
        return []
    return [
        {
            "what": {"reference": f"Patient/{look.person}"},
            "type": _coding(_ENTITY, "1", "Person"),
            "role": _coding(_OBJECT, "1", "Patient"),
        }
    ]


def _data(look: Opening) -> dict[str, Any]:
    """What it was of: the view and its part."""
    return {
        "what": {"display": f"{look.view} {look.part}".strip()},
        "type": _coding(_ENTITY, "2", "System Object"),
        "role": _coding(_OBJECT, "4", "Domain Resource"),
    }


def _seen(look: Opening) -> dict[str, Any]:
    """What makes what was shown again: the view, its part, the rule, each patient's `t`.

    The patterns let the entity of the data have no detail, so it is beside it.
    """
    said = {
        "view": look.view,
        "part": look.part,
        "rule": str(look.rule),
        "opening of this person": str(look.nth) if look.nth else "",
        **{f"patient {patient} at t": str(t) for patient, t in sorted(look.seen.items())},
    }
    return {
        "what": {"display": "what makes it again"},
        "type": _coding(_ENTITY, "4", "Other"),
        "detail": [{"type": name, "valueString": value} for name, value in said.items() if value],
    }


def _coding(system: str, code: str, display: str = "") -> dict[str, str]:
    coding = {"system": system, "code": code}
    return coding | {"display": display} if display else coding


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Incorrect(f"`{name}` is a number.")
    return int(text)
