"""What a single resource is answered with: its bytes, version, time and address."""

from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.fhir.problem import problem
from wholerecord.fhir.served import of_version
from wholerecord.fhir.subset import subset
from wholerecord.record import Version

_MEDIA = "application/fhir+json"


def resource_answer(
    request: Request, version: Version, *, unplaced: bool = False, status: int = 200
) -> Response:
    """The resource with ETag and Last-Modified; 304 where the caller has it already."""
    headers = headers_of(version)
    asked = status == 200 and request.method in {"GET", "HEAD"}
    if asked and _is_known(request, headers["ETag"], version.filed):
        return Response(status_code=304, headers=headers)
    body = of_version(version, unplaced=unplaced)
    if request.scope["query_string"]:
        body = subset(body, request.query_params)
    return json_answer(request, body, status, headers)


def _is_known(request: Request, etag: str, filed: datetime) -> bool:
    """Whether the caller has this version: by `If-None-Match`, else by `If-Modified-Since`.

    Source: RFC 9110, 13.1.2 and 13.1.3: the first goes before the second; a date that is none is
    as if it were not there; seconds are all that a date tells.
    """
    known = request.headers.get("if-none-match")
    if known is not None:
        return known.strip() == "*" or etag in [one.strip() for one in known.split(",")]
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    return moment.tzinfo is not None and filed.replace(microsecond=0) <= moment


def json_answer(
    _request: Request, body: bytes, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """JSON that no cache keeps; how it is written for whoever asked, `told` decides."""
    return Response(
        body, status, headers={"Cache-Control": "no-store"} | (headers or {}), media_type=_MEDIA
    )


def headers_of(version: Version) -> dict[str, str]:
    """ETag and Last-Modified."""
    return {
        "ETag": f'W/"{version.number}"',
        "Last-Modified": _http_date(version.filed.replace(microsecond=0)),
        "Cache-Control": "no-store",
    }


@lru_cache(maxsize=4096)
def _http_date(moment: datetime) -> str:
    """A whole second as HTTP writes it: what was filed together has one, and is read together."""
    return format_datetime(moment, usegmt=True)


def location_of(version: Version) -> str:
    """`Type/id/_history/version`."""
    return f"{version.statement.kind}/{version.id.text}/_history/{version.number}"


def gone(version: Version) -> Exception:
    """410: it was deleted, and when is known."""
    return problem(410, "deleted", f"It was deleted; version {version.number} says so.")
