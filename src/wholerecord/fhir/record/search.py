"""`GET /record/fhir/{type}?patient=…` and `…/Patient?identifier=…`: searchset Bundles.

Source: FHIR R4, Search. A record is read whole by person and the search filters the fold; a search
that names no person is refused.
"""

from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.responses import Response

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose, View
from wholerecord.errors import Incorrect
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.record.entries import TYPES, entry
from wholerecord.fhir.record.patient import patient
from wholerecord.fhir.request import only
from wholerecord.fold import Entry
from wholerecord.nhs import NhsNumber
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM
from wholerecord.people.search import Search
from wholerecord.record import PersonId

_PATIENT = frozenset({"identifier", "_format"})
_BY_PATIENT = frozenset({"patient", "subject", "code", "_count", "_offset", "_format"})
_PAGE, _MOST = 100, 1000


async def search_patient(door: Door, purpose: Purpose, query: QueryParams) -> Response:
    """The people with an NHS number, each opened; 400 without one."""
    only(query, _PATIENT)
    system, _, value = query.get("identifier", "").rpartition("|")
    number = NhsNumber.parse(value)
    if number is None or system not in ("", NHS_NUMBER_SYSTEM):
        raise Incorrect(f"Give identifier={NHS_NUMBER_SYSTEM}|, then a valid NHS number.")
    found = await door.find(Search.of(number.digits), purpose=purpose)
    if isinstance(found, Refused):
        return refusal(found)
    patients: list[dict[str, Any]] = []
    for one in found:
        opened = await door.open(one.person, purpose=purpose, view=View.DEMOGRAPHICS)
        if not isinstance(opened, Refused):
            patients.append(patient(one.person, opened.record))
    return answer(_searchset(patients, len(patients), []))


async def search_by_patient(
    door: Door, purpose: Purpose, served: str, query: QueryParams
) -> Response:
    """One person's entries of one type, newest first, in pages."""
    only(query, _BY_PATIENT)
    reference = query.get("patient") or query.get("subject") or ""
    person = PersonId(reference.removeprefix("Patient/"))
    if not person:
        raise Incorrect("Give patient=, whose record to search.")
    count, offset = _number(query, "_count", _PAGE), _number(query, "_offset", 0)
    opened = await door.open(person, purpose=purpose)
    if isinstance(opened, Refused):
        return refusal(opened)
    entries = [
        one
        for one in opened.record.entries
        if TYPES[one.kind] == served and _has_code(one, query.get("code"))
    ]
    count = min(count, _MOST)
    page = [entry(person, one) for one in entries[offset : offset + count]]
    links = [{"relation": "self", "url": _url(served, query, offset)}]
    if offset + count < len(entries):
        links.append({"relation": "next", "url": _url(served, query, offset + count)})
    return answer(_searchset(page, len(entries), links))


def _searchset(
    resources: list[dict[str, Any]], total: int, links: list[dict[str, str]]
) -> dict[str, Any]:
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "total": total}
    if links:
        bundle["link"] = links
    if resources:
        bundle["entry"] = [
            {
                "fullUrl": f"{resource['resourceType']}/{resource['id']}",
                "resource": resource,
                "search": {"mode": "match"},
            }
            for resource in resources
        ]
    return bundle


def _has_code(one: Entry, token: str | None) -> bool:
    """FHIR token search over every code any source gave the entry."""
    if token is None:
        return True
    system, bar, code = token.rpartition("|")
    codes = [coding for said in one.said_by for coding in said.codes]
    if one.code:
        codes.append(one.code)
    return any(c.code == code and (not bar or c.system == system) for c in codes)


def _number(query: QueryParams, name: str, default: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Incorrect(f"{name} is a whole number.")
    return int(text)


def _url(served: str, query: QueryParams, offset: int) -> str:
    kept = [(name, value) for name, value in query.multi_items() if name != "_offset"]
    return f"{served}?{urlencode([*kept, ('_offset', str(offset))])}"
