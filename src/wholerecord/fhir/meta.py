"""`GET /fhir/{type}/{id}/$meta`: the tags, labels and profiles. Source: FHIR R4, Resource-meta."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wholerecord.fhir.answers import gone, json_answer
from wholerecord.fhir.given import id_of, kind_of
from wholerecord.fhir.read import unknown
from wholerecord.fhir.request import Api
from wholerecord.fhir.served import served

_TOP = msgspec.json.Decoder(dict[str, msgspec.Raw])


async def meta(api: Api, request: Request) -> Response:
    """200 with Parameters that have the resource's `meta`; 404, 410."""
    door, purpose = await api.open_for(request)
    kind, logical = kind_of(request), id_of(request)
    shown = await door.said(kind, logical, purpose=purpose) if logical else None
    if shown is None:
        raise unknown()
    if shown.version.gone:
        raise gone(shown.version)
    said: dict[str, Any] = {"name": "return", "valueMeta": _TOP.decode(served(shown))["meta"]}
    return json_answer(
        request, msgspec.json.encode({"resourceType": "Parameters", "parameter": [said]})
    )
