"""`GET /fhir/{type}/{id}/_history`: every version, newest first. Source: FHIR R4, RESTful API."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access.read_said import Shown
from wholerecord.fhir.answers import json_answer
from wholerecord.fhir.given import id_of, kind_of, moment_of, number_of
from wholerecord.fhir.read import unknown
from wholerecord.fhir.request import Api
from wholerecord.fhir.served import instant, served

_PAGE, _MOST = 100, 1000


async def history(api: Api, request: Request) -> Response:
    """200 with a history Bundle, by `_count`, `_offset` and `_since`; 404."""
    door, purpose = await api.open_for(request)
    kind, logical = kind_of(request), id_of(request)
    every = await door.history(kind, logical, purpose=purpose) if logical else ()
    if not every:
        raise unknown()
    query = request.query_params
    since = moment_of(query.get("_since"), "_since")
    newest = [one for one in reversed(every) if since is None or one.version.filed >= since]
    count = min(number_of(query.get("_count"), "_count", _PAGE), _MOST)
    offset = number_of(query.get("_offset"), "_offset", 0)
    here = f"{kind}/{request.path_params['id']}/_history"
    links = [{"relation": "self", "url": f"{here}?_count={count}&_offset={offset}"}]
    if offset + count < len(newest):
        links.append({"relation": "next", "url": f"{here}?_count={count}&_offset={offset + count}"})
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "history",
        "total": len(newest),
        "link": links,
    }
    if page := newest[offset : offset + count]:
        bundle["entry"] = [_entry(one) for one in page]
    return json_answer(request, msgspec.json.encode(bundle))


def _entry(shown: Shown) -> dict[str, Any]:
    version = shown.version
    address = f"{version.statement.kind}/{version.id.text}"
    first = version.number == 1
    method = "DELETE" if version.gone else "POST" if first else "PUT"
    said: dict[str, Any] = {
        "fullUrl": address,
        "request": {"method": method, "url": version.statement.kind if first else address},
        "response": {
            "status": "204" if version.gone else "201" if first else "200",
            "etag": f'W/"{version.number}"',
            "lastModified": instant(version),
        },
    }
    if not version.gone:
        said["resource"] = msgspec.Raw(served(shown))
    return said
