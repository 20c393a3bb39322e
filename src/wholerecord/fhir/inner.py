"""What an entry of a Bundle reads: answered by the route that would answer it by itself.

So whatever may be asked of the server may be asked in a Bundle, and no rule is written twice: who
may look, what is withheld and what each look leaves in the log.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Match, Route

from wholerecord.fhir.formats import JSON_MEDIA
from wholerecord.fhir.given import base_of
from wholerecord.fhir.problem import problem

#: Headers of the Bundle's request that are of its body, or of how the whole is answered.
_OWN = frozenset(
    {
        *(b"content-type", b"content-length", b"transfer-encoding", b"accept", b"if-match"),
        *(b"if-none-match", b"if-modified-since", b"if-none-exist"),
    }
)
_LONGEST = 10_000
_HOW = frozenset({"_format", "_pretty"})


class Inner:
    """The routes that read, for entries of Bundles."""

    def __init__(self) -> None:
        self._routes: Sequence[Route] = ()

    def learn(self, routes: Sequence[Route]) -> None:
        """Know the routes: those that answer a GET with a resource."""
        self._routes = [
            one for one in routes if "GET" in (one.methods or ()) and "$export" not in one.path
        ]

    async def read(
        self, request: Request, url: str, conditions: dict[str, str], place: str
    ) -> dict[str, Any]:
        """The entry that answers `GET url`.

        Raises:
            Problem: 404, nothing here answers that.
        """
        scope = self._scope(request, url, conditions, place)
        for route in self._routes:
            found, child = route.matches(scope)
            if found is Match.FULL:
                response: Response = await route.endpoint(Request({**scope, **child}))
                return _entry(response, place)
        raise problem(404, "not-supported", "What the url asks is not answered here.", place)

    def _scope(
        self, request: Request, url: str, conditions: dict[str, str], place: str
    ) -> dict[str, Any]:
        base = base_of(request)
        said = url.removeprefix(f"{base}/")
        parts = urlsplit(said)
        if parts.scheme or parts.netloc or len(url) > _LONGEST or not parts.path.strip("/"):
            raise problem(404, "not-supported", "The url is not one of this server.", place)
        root = urlsplit(base).path
        path = f"{root}/{parts.path.strip('/')}"
        query = [
            one for one in parse_qsl(parts.query, keep_blank_values=True) if one[0] not in _HOW
        ]
        headers = [one for one in request.scope["headers"] if one[0].lower() not in _OWN]
        headers.append((b"accept", JSON_MEDIA.encode()))
        headers += [
            (name.encode(), value.encode("latin-1", "replace"))
            for name, value in conditions.items()
        ]
        state = {
            name: value
            for name, value in request.scope.get("state", {}).items()
            if name not in {"query", "scopes"}
        }
        return {
            **request.scope,
            "method": "GET",
            "root_path": root,
            "path": path,
            "raw_path": path.encode(),
            "query_string": urlencode(query).encode(),
            "headers": headers,
            "state": state,
            "path_params": {},
        }


def _entry(response: Response, place: str) -> dict[str, Any]:
    """An answer as an entry of the response."""
    if isinstance(response, StreamingResponse):
        raise problem(404, "not-supported", "What the url asks is not answered in a Bundle.", place)
    headers = Headers(raw=response.raw_headers)
    status = HTTPStatus(response.status_code)
    said: dict[str, Any] = {"status": f"{status.value} {status.phrase}"}
    if etag := headers.get("etag"):
        said["etag"] = etag
    body = bytes(response.body)
    if not body:
        return {"response": said}
    if response.status_code >= 400:
        return {"response": said | {"outcome": msgspec.Raw(body)}}
    meta = msgspec.json.decode(body, type=_Dated).meta
    if etag and meta.lastUpdated:
        said["lastModified"] = meta.lastUpdated
    return {"resource": msgspec.Raw(body), "response": said}


class _Meta(msgspec.Struct):
    lastUpdated: str = ""  # noqa: N815 - FHIR's own name


class _Dated(msgspec.Struct):
    meta: _Meta = msgspec.field(default_factory=_Meta)
