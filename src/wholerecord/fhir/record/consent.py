"""What a person decided about who sees their record, as FHIR R4 Consents, and the search for them.

Source: IHE Privacy Consent on FHIR (PCF) 1.1, Explicit Intermediate and Advanced (sensitivity): a
root provision of everything that the standing rules allow, and what was decided below it. Of an
item, the address of the statement; of an author, the name that the record has; of a kind or source,
words, for R4 has no code for either, and since PCF lets no provision have a code, such a Consent
claims none of its profiles.
"""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Refused
from wholerecord.consent import Preference, Purpose, Rule
from wholerecord.consent.outs import OptOut, opt_out
from wholerecord.errors import Incorrect, NotFound
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.query import only
from wholerecord.fhir.record.consent_terms import (
    ACT_CODE,
    AUTHOR,
    KIND,
    LABELS,
    ODS,
    PARTICIPATION,
    POLICY,
    PURPOSES,
    REASON,
    RECIPIENT,
    ROLE,
    SCOPE,
    SIGNED_IN,
    SOURCE,
    STATEMENT,
)
from wholerecord.fhir.request import Api
from wholerecord.record import PersonId

_PROFILE = "https://profiles.ihe.net/ITI/PCF/StructureDefinition/IHE.PCF.consent"
_LOINC = "http://loinc.org"
_SECONDARY = frozenset({Purpose.PLANNING, Purpose.RESEARCH})
_ID = "preference-"
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_KNOWN = frozenset({"patient", "status"})


async def read_consent(api: Api, request: Request) -> Response:
    """`GET Consent/{id}`: one of what the person signed in decided; 404 for any other."""
    door, _ = await api.open_for(request)
    person = door.actor.person
    found = None if person is None else await door.decided(person)
    if isinstance(found, Refused):
        return refusal(found)
    for one in found.preferences if found else ():
        if id_of_consent(one) == request.path_params["id"]:
            return answer(consent(one))
    raise NotFound("There is no such decision of yours.")


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


def id_of_consent(decided: Preference) -> str:
    """The logical id of a decision."""
    return f"{_ID}{decided.n}"


def number_of(logical: str) -> int:
    """The number of the decision with this logical id; 0 where nothing can have it."""
    prefix, _, n = logical.rpartition("-")
    return int(n) if f"{prefix}-" == _ID and _NUMBER.fullmatch(n) else 0


def consent(decided: Preference) -> dict[str, Any]:
    """One decision as a Consent: active until it was taken back."""
    period = {"start": decided.at.isoformat()}
    if decided.ended is not None:
        period["end"] = decided.ended.isoformat()
    denies = any(not rule.allow for rule in decided.rules)
    return {
        "resourceType": "Consent",
        "id": id_of_consent(decided),
        **_meta(decided),
        "text": {"status": "generated", "div": _div(decided.words)},
        "status": "active" if decided.ended is None else "inactive",
        "scope": {"coding": [{"system": SCOPE, "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": _LOINC, "code": "59284-0"}]}, *_opt_out(decided)],
        "patient": {"reference": f"Patient/{decided.person}"},
        "dateTime": decided.at.isoformat(),
        "performer": [{"reference": f"Patient/{decided.person}"}],
        "organization": [{"display": "The organisation that runs this record"}],
        "sourceAttachment": {"contentType": "text/plain", "title": decided.words[:200]},
        "policy": [{"uri": POLICY}],
        "policyRule": {"coding": [{"system": ACT_CODE, "code": "OPTOUT" if denies else "OPTIN"}]},
        "provision": {
            "type": "permit",
            "period": period,
            "provision": _once([_provision(rule) for rule in decided.rules]),
        },
    }


def _meta(decided: Preference) -> dict[str, Any]:
    """The profile it is made by."""
    if any(rule.kind or rule.kinds or rule.source for rule in decided.rules):
        return {}
    by_label = any(rule.label is not None for rule in decided.rules)
    return {"meta": {"profile": [_PROFILE + ("Advanced" if by_label else "Intermediate")]}}


def _opt_out(decided: Preference) -> list[dict[str, Any]]:
    """Which opt-out it is: their rules are alike."""
    known = {opt_out(rule) for rule in decided.rules if rule.purpose in _SECONDARY}
    return [{"text": one.value} for one in (OptOut.NATIONAL, OptOut.TYPE_1) if one in known]


def _once(provisions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each provision once: rules for the views of a carer are one here."""
    return [one for at, one in enumerate(provisions) if one not in provisions[:at]]


def _provision(rule: Rule) -> dict[str, Any]:
    said: dict[str, Any] = {
        "type": "permit" if rule.allow else "deny",
        "purpose": [{"system": REASON, "code": PURPOSES[rule.purpose]}],
    }
    if rule.until is not None:
        said["period"] = {"end": rule.until.isoformat()}
    if actor := _actor(rule):
        said["actor"] = [actor]
    if rule.label is not None:
        said["securityLabel"] = [{"system": ACT_CODE, "code": LABELS.get(rule.label, rule.label)}]
    if rule.item is not None:
        _, _, address = rule.item.partition("/")
        item = {"identifier": {"system": STATEMENT, "value": rule.item}, "display": address}
        said["data"] = [{"meaning": "instance", "reference": item}]
    if rule.author is not None:
        author = {"identifier": {"system": AUTHOR, "value": rule.author}, "display": rule.author}
        said["data"] = [{"meaning": "authoredby", "reference": author}]
    if rule.period is not None:
        ends = {"start": rule.period.first, "end": rule.period.last}
        said["dataPeriod"] = {name: day.isoformat() for name, day in ends.items() if day}
    if codes := _codes(rule):
        said["code"] = codes
    return said


def _codes(rule: Rule) -> list[dict[str, Any]]:
    kinds = [rule.kind] if rule.kind else rule.kinds
    words = [(KIND, kind) for kind in kinds] + ([(SOURCE, rule.source)] if rule.source else [])
    return [{"coding": [{"system": system, "code": word}], "text": word} for system, word in words]


def _actor(rule: Rule) -> dict[str, Any] | None:
    """Whom it is about: somebody named, an organisation, a role; None for everybody."""
    reference: dict[str, Any] = {}
    if rule.actor is not None:
        reference = {"identifier": {"system": SIGNED_IN, "value": rule.actor}}
    elif rule.organisation is not None:
        reference = {"identifier": {"system": ODS, "value": rule.organisation}}
    words = rule.actor or (rule.role.value if rule.role else "")
    if words:
        reference["display"] = words
    if not reference:
        return None
    codings = [{"system": PARTICIPATION, "code": RECIPIENT}]
    if rule.role is not None:
        codings.append({"system": ROLE, "code": rule.role.value})
    return {"role": {"coding": codings}, "reference": reference}


def _div(words: str) -> str:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{escaped}</div>'
