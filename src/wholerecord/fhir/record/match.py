"""`POST /record/fhir/Patient/$match`: who a Patient may be, each with the evidence.

Source: FHIR R4, OperationDefinition Patient-match, extension match-grade. PDS: an application that
nobody looks through is told of one match or of none.
"""

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Refused
from wholerecord.access.whois import Matched
from wholerecord.consent import Role
from wholerecord.errors import Incorrect
from wholerecord.fhir.given import body_of
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.record.patient import patient
from wholerecord.fhir.record.said_by import Json
from wholerecord.fhir.request import Api
from wholerecord.intake.fhir.shape import an_object, is_object, objects
from wholerecord.people import Demographics, Outcome, from_patient
from wholerecord.people.thresholds import BEDSIDE
from wholerecord.record import NotJson, canonical, read_json

_GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade"
_EVIDENCE = "https://wholerecord.example/StructureDefinition/match-evidence"
_SPINE = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode"
PAGE, LARGEST_PAGE = 20, 50


async def match(api: Api, request: Request) -> Response:
    """200 with a searchset, the strongest match first; 403 with the rule that refused.

    Raises:
        Incorrect: the body is no Parameters with a Patient, or says too little of who it is.
    """
    door, purpose = await api.open_for(request)
    said, certain, most = _asked(await body_of(request))
    found = await door.match(said, purpose=purpose, certain=certain)
    if isinstance(found, Refused):
        return refusal(found)
    base = str(request.url.replace(query="", fragment="")).removesuffix("/Patient/$match")
    return answer(matches(found, most, base, alone=door.actor.role is Role.SYSTEM))


def matches(found: tuple[Matched, ...], most: int, base: str, *, alone: bool) -> Json:
    """The searchset. To an application `alone` several matches are none, and it is told so."""
    if alone and len(found) > 1:
        return {"resourceType": "Bundle", "type": "searchset", "total": 0, "entry": [_TOO_MANY]}
    bundle: Json = {"resourceType": "Bundle", "type": "searchset", "total": len(found)}
    if found:
        bundle["entry"] = [_entry(one, base) for one in found[:most]]
    return bundle


_TOO_MANY: Json = {
    "resource": {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "information",
                "code": "multiple-matches",
                "details": {"coding": [{"system": _SPINE, "code": "TOO_MANY_MATCHES"}]},
                "diagnostics": "More people than one fit: say more of who is meant.",
            }
        ],
    },
    "search": {"mode": "outcome"},
}


def _entry(one: Matched, base: str) -> Json:
    search: Json = {
        "extension": [{"url": _GRADE, "valueCode": grade(one)}, _evidence(one)],
        "mode": "match",
        "score": score(one.fit.weight),
    }
    return {
        "fullUrl": f"{base}/Patient/{one.person}",
        "resource": patient(one.person, one.record),
        "search": search,
    }


def grade(one: Matched) -> str:
    """FHIR's word for how sure it is: `certain` only where a rule says so, never by weight."""
    if one.fit.outcome is Outcome.CERTAIN:
        return "certain"
    return "probable" if one.fit.weight >= BEDSIDE.join else "possible"


def score(weight: float) -> float:
    """Bits as a number from 0 to 1: it puts matches in order and is no probability.

    >>> score(-100.0) < score(30.0) < score(38.0) <= 1.0
    True
    """
    middle = (BEDSIDE.ask + BEDSIDE.join) / 2
    return round(1 / (1 + 2 ** (min(max(middle - weight, -50.0), 50.0) / 4)), 4)


def _evidence(one: Matched) -> Json:
    """Every comparison with its weight in bits, and the rule that decided."""
    parts: list[Json] = [
        {
            "url": "comparison",
            "extension": [
                {"url": "field", "valueString": part.comparison},
                {"url": "weight", "valueDecimal": round(part.weight, 2)},
                {"url": "why", "valueString": part.why},
            ],
        }
        for part in one.fit.parts
    ]
    return {
        "url": _EVIDENCE,
        "extension": [
            *parts,
            {"url": "weight", "valueDecimal": round(one.fit.weight, 2)},
            {"url": "why", "valueString": one.fit.why},
        ],
    }


def _asked(body: bytes) -> tuple[Demographics, bool, int]:
    """Who is meant, whether only a certain match is wanted, and how many at most."""
    try:
        sent = read_json(body)
    except NotJson:
        raise Incorrect("The body is not JSON.") from None
    if not is_object(sent):
        raise Incorrect("The body is not a JSON object.")
    if sent.get("resourceType") == "Patient":
        return from_patient(canonical(sent)), False, PAGE
    if sent.get("resourceType") != "Parameters":
        raise Incorrect("Send Parameters with a Patient named resource.")
    given = {str(one.get("name")): one for one in objects(sent.get("parameter"))}
    unknown = sorted(given.keys() - {"resource", "onlyCertainMatches", "count"})
    if unknown:
        raise Incorrect(f"These parameters are not known: {', '.join(map(repr, unknown))[:200]}.")
    who = an_object(given.get("resource", {}).get("resource"))
    if who.get("resourceType") != "Patient":
        raise Incorrect("The parameter resource is not a Patient.")
    certain = given.get("onlyCertainMatches", {}).get("valueBoolean", False)
    most = given.get("count", {}).get("valueInteger", PAGE)
    if not isinstance(certain, bool):
        raise Incorrect("onlyCertainMatches is a valueBoolean.")
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise Incorrect("count is a valueInteger from 1.")
    return from_patient(canonical(who)), certain, min(most, LARGEST_PAGE)
