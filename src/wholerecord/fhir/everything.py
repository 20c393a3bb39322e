"""`GET /fhir/Patient/{id}/$everything`: all that every source said of the person.

Source: FHIR R4, operation Patient-everything. In the order it was filed, so that a page that is
followed later leaves nothing out: what was changed since comes again at the end.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Refused
from wholerecord.access.read_said import Shown
from wholerecord.fhir.answers import json_answer
from wholerecord.fhir.given import address_of, base_of, id_of, moment_of, number_of, types_of
from wholerecord.fhir.problem import problem
from wholerecord.fhir.query import only
from wholerecord.fhir.read import unknown
from wholerecord.fhir.request import Api
from wholerecord.fhir.served import served

_KNOWN = frozenset({"_count", "_since", "_type", "_after", "_format", "_pretty"})
_MOST = 10_000


async def everything(api: Api, request: Request) -> Response:
    """200 with a searchset Bundle, whole or in pages of `_count`; 404."""
    door, purpose = await api.open_for(request)
    query = request.query_params
    only(query, _KNOWN)
    since, types = moment_of(query.get("_since"), "_since"), types_of(query.get("_type"))
    count = min(number_of(query.get("_count"), "_count", _MOST), _MOST)
    logical = id_of(request)
    patient = await door.said("Patient", logical, purpose=purpose) if logical else None
    if patient is None or patient.version.person is None:
        raise unknown()
    every = await door.all_said(patient.version.person, purpose=purpose, part="$everything")
    if isinstance(every, Refused):
        raise unknown()
    wanted = [
        one
        for one in every
        if not one.version.gone
        and (not types or one.version.statement.kind in types)
        and (since is None or one.version.filed >= since)
    ]
    start = _start(wanted, query.get("_after"))
    page = wanted[start : start + count] if "_count" in query else wanted[start:]
    here = address_of(request)
    links = [{"relation": "self", "url": f"{here}?{query}" if query else here}]
    if start + len(page) < len(wanted) and page:
        further = dict(query) | {"_after": _mark(page[-1])}
        links.append({"relation": "next", "url": f"{here}?{urlencode(further)}"})
    bundle = msgspec.json.encode(
        {"resourceType": "Bundle", "type": "searchset", "total": len(wanted), "link": links}
    )
    if page:
        bundle = b'%b,"entry":[%b]}' % (bundle[:-1], _entries(page, base_of(request)))
    return json_answer(request, bundle)


def _entries(page: Sequence[Shown], base: str) -> bytes:
    """The entries as JSON, commas between: each resource is in JSON before, and stays as it is."""
    before = b'{"fullUrl":%b/' % msgspec.json.encode(base)[:-1]
    return b",".join(
        [
            b'%b%b/%b","resource":%b,"search":{"mode":"match"}}'
            % (
                before,
                one.version.statement.kind.encode(),
                one.version.id.text.encode(),
                served(one),
            )
            for one in page
        ]
    )


def _mark(shown: Shown) -> str:
    """Where a page ended: when its last was filed, and its id."""
    version = shown.version
    return f"{_micros(shown)}.{version.statement.kind}.{version.id.text}"


def _micros(shown: Shown) -> int:
    return round(shown.version.filed.timestamp() * 1_000_000)


def _start(wanted: Sequence[Shown], after: str | None) -> int:
    """The place of the first after where a page ended."""
    if after is None:
        return 0
    said = after.partition(".")[0]
    if not (said.isascii() and said.isdecimal() and len(said) < 18):
        raise problem(400, "value", "_after is what a next link says.")
    for at, shown in enumerate(wanted):
        if _mark(shown) == after:
            return at + 1
    return next((at for at, shown in enumerate(wanted) if _micros(shown) > int(said)), len(wanted))
