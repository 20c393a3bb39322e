"""`GET /record/fhir/Patient/{id}/$everything`: the whole record as a searchset, or by pages.

Source: FHIR R4, operation Patient-everything. With every resource comes the Provenance of it; an
app that was not let in to a resource is given nothing of where it came from either. Further pages
are of the record as it stood at the first, to whoever may see it still.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Door, Opened, Refused
from wholerecord.fhir.given import moment_of, number_of, types_of
from wholerecord.fhir.granting import scopes_of
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.query import only
from wholerecord.fhir.record.rendered import Rendered
from wholerecord.fhir.record.ruled import let_in, let_in_to, ruled
from wholerecord.fhir.record.worked_out import given
from wholerecord.fhir.request import Api
from wholerecord.fhir.search import Held
from wholerecord.fhir.search.cursor import PARAMETER, Cursor, asker, begins
from wholerecord.fhir.search.page import digest
from wholerecord.record import PersonId
from wholerecord.smart import shows

_KNOWN = frozenset({"_at", "_count", "_type", PARAMETER, "_format", "_pretty"})
_MOST = 10_000
_PART = "$everything"


async def everything(rendered: Rendered, api: Api, request: Request) -> Response:
    """200 with the Patient and every entry the asker may see, whole or by `_count`; 400, 403.

    With `_at` as known at that moment: by the links and of the statements of then.
    """
    door, purpose = await api.open_for(request)
    only(request.query_params, _KNOWN)
    person, path = PersonId(request.path_params["id"]), request.url.path
    query, cursor = dict(request.query_params), None
    if PARAMETER in query:
        cursor = api.cursors.read(query[PARAMETER], door.actor, path, now=datetime.now(UTC))
        query = dict(cursor.pairs)
    types, paged = types_of(query.get("_type")), "_count" in query
    count = min(max(number_of(query.get("_count"), "_count", _MOST), 1), _MOST)
    asked = moment_of(query.get("_at"), "_at")
    opened = await door.open(person, purpose=purpose, part=_PART, at=asked)
    if isinstance(opened, Refused):
        return refusal(opened)
    at = asked or opened.opening.at
    listed = await _listed(rendered, door, opened, types, at)
    if cursor is not None:
        at = cursor.at
        if cursor.found != digest(listed):  # something has been said or hidden since
            opened = await door.open(person, purpose=purpose, part=_PART, at=at)
            if isinstance(opened, Refused):
                return refusal(opened)
            listed = await _listed(rendered, door, opened, types, at)
    start = begins(cursor, listed) if cursor else 0
    page = listed[start : start + count] if paged else listed
    following = ""
    if page and start + len(page) < len(listed):
        following = api.cursors.write(
            Cursor(
                asker=asker(door.actor),
                path=path,
                pairs=tuple(query.items()),
                strict=True,
                start=start + len(page),
                last="/".join(page[-1].key),
                at=at,
                found=digest(listed),
            )
        )
    return _answer(request, page, len(listed), following)


async def _listed(
    rendered: Rendered, door: Door, opened: Opened, types: Collection[str], at: datetime
) -> list[Held]:
    """The person, every entry, and then where each comes from: of these types, where some are."""
    scopes, shown = scopes_of(door.actor.limits), rendered.of(opened)
    resources = [shown.person, *(held for held, _ in shown.entries), *shown.whence_person]
    for held, whence in shown.entries:
        if scopes is None or shows(scopes, held.shown, "r"):
            resources += whence
    resources += let_in(await ruled(door, opened), let_in_to(shown, scopes, "r"))
    resources += given(opened, at.date(), lambda one: shows(scopes, one, "r"))
    return [one for one in resources if one.type in types] if types else resources


def _answer(request: Request, page: Sequence[Held], total: int, following: str) -> Response:
    links = [{"relation": "self", "url": str(request.url)}]
    if following:
        url = request.url.replace(query=urlencode({PARAMETER: following}))
        links.append({"relation": "next", "url": str(url)})
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": total,
        "link": links,
    }
    if page:
        bundle["entry"] = [
            {"fullUrl": f"{one.type}/{one.id}", "resource": msgspec.Raw(one.written)}
            for one in page
        ]
    return answer(bundle)
