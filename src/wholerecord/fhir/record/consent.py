"""What a person decided about who sees their record, as FHIR R4 Consents, and the search for them.

Source: IHE Privacy Consent on FHIR (PCF) 1.1, "PCF Consent Basic" and "Intermediate": a root
provision of everything that the standing rules allow, and what was decided below it. Of an item,
the address of the statement; of a kind or source, words, for R4 has no code for either.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Refused
from wholerecord.consent import Preference, Purpose, Rule
from wholerecord.errors import Incorrect
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.query import only
from wholerecord.fhir.request import Api
from wholerecord.record import PersonId

_PROFILE = "https://profiles.ihe.net/ITI/PCF/StructureDefinition/IHE.PCF.consentIntermediate"
_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
_LOINC = "http://loinc.org"
_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_ROLE = "http://terminology.hl7.org/CodeSystem/v3-RoleClass"
_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
_PURPOSES = {
    Purpose.DIRECT_CARE: "TREAT",
    Purpose.EMERGENCY: "ETREAT",
    Purpose.OWN_RECORD: "PATRQT",
    Purpose.ADMINISTRATION: "PATADMIN",
    Purpose.SAFETY_REVIEW: "HOPERAT",
    Purpose.PLANNING: "HOPERAT",
    Purpose.RESEARCH: "HRESCH",
}
#: The HL7 sensitivity that each label comes from (see `fold.labels`).
_LABELS = {"sexual-health": "STD", "mental-health": "PSY", "sealed": "R"}
_KNOWN = frozenset({"patient", "status"})


async def consents(api: Api, request: Request) -> Response:
    """`GET Consent?patient=`: what the person decided, newest first. For the person alone."""
    door, _ = await api.open_for(request)
    query = request.query_params
    only(query, _KNOWN)
    person = PersonId(query.get("patient", "").removeprefix("Patient/"))
    if not person:
        raise Incorrect("Say whose: `patient` is an id.")
    found = await door.decided(person)
    if isinstance(found, Refused):
        return refusal(found)
    resources = [consent(one) for one in found.preferences]
    status = query.get("status", "")
    shown = [one for one in resources if not status or one["status"] == status]
    return answer(
        {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": len(shown),
            "link": [{"relation": "self", "url": f"Consent?{query}"}],
            "entry": [
                {
                    "fullUrl": f"Consent/{one['id']}",
                    "resource": one,
                    "search": {"mode": "match"},
                }
                for one in shown
            ],
        }
    )


def consent(decided: Preference) -> dict[str, Any]:
    """One decision as a Consent: active until it was taken back."""
    period = {"start": decided.at.isoformat()}
    if decided.ended is not None:
        period["end"] = decided.ended.isoformat()
    denies = any(not rule.allow for rule in decided.rules)
    return {
        "resourceType": "Consent",
        "id": f"preference-{decided.n}",
        "meta": {"profile": [_PROFILE]},
        "text": {"status": "generated", "div": _div(decided.words)},
        "status": "active" if decided.ended is None else "inactive",
        "scope": {"coding": [{"system": _SCOPE, "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": _LOINC, "code": "59284-0"}]}],
        "patient": {"reference": f"Patient/{decided.person}"},
        "dateTime": decided.at.isoformat(),
        "performer": [{"reference": f"Patient/{decided.person}"}],
        "policyRule": {"coding": [{"system": _CODE, "code": "OPTOUT" if denies else "OPTIN"}]},
        "provision": {
            "type": "permit",
            "period": period,
            "provision": [_provision(rule) for rule in decided.rules],
        },
    }


def _provision(rule: Rule) -> dict[str, Any]:
    said: dict[str, Any] = {
        "type": "permit" if rule.allow else "deny",
        "purpose": [{"system": _REASON, "code": _PURPOSES[rule.purpose]}],
    }
    if rule.until is not None:
        said["period"] = {"end": rule.until.isoformat()}
    if actor := _actor(rule):
        said["actor"] = [actor]
    if rule.label is not None:
        said["securityLabel"] = [{"system": _CODE, "code": _LABELS.get(rule.label, rule.label)}]
    if rule.item is not None:
        _, _, address = rule.item.partition("/")
        said["data"] = [{"meaning": "instance", "reference": {"display": address}}]
    words = [word for word in (rule.kind, rule.source, *rule.kinds) if word]
    if words:
        said["code"] = [{"text": word} for word in words]
    return said


def _actor(rule: Rule) -> dict[str, Any] | None:
    """Whom it is about: somebody named, an organisation, a role; None for everybody."""
    reference: dict[str, Any] = {}
    if rule.organisation is not None:
        reference["identifier"] = {"system": _ODS, "value": rule.organisation}
    words = rule.actor or (rule.role.value if rule.role else "")
    if words:
        reference["display"] = words
    if not reference:
        return None
    return {
        "role": {"coding": [{"system": _ROLE, "code": "ASSIGNED"}]},
        "reference": reference,
    }


def _div(words: str) -> str:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{escaped}</div>'
