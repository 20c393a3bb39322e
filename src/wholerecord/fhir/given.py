"""What a request gives: its body, its type, its conditions. Whatever is wrong is a `Problem`."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from wholerecord.fhir.formats import XML_BODIES, from_xml
from wholerecord.fhir.problem import problem
from wholerecord.intake.fhir.about import R4_TYPES
from wholerecord.intake.fhir.shape import is_object
from wholerecord.record import LogicalId, NotJson, read_json

#: A longer body belongs in a feed, bytes.
_MOST = 64 << 20
#: Media types of a resource.
RESOURCES = frozenset({"application/fhir+json", "application/json", "text/json", "", *XML_BODIES})
_ETAG = re.compile(r'W/"([0-9]{1,9})"')


def kind_of(request: Request) -> str:
    """The type in the path.

    Raises:
        Problem: 404, it is no type of FHIR R4.
    """
    kind: str = request.path_params["type"]
    if kind not in R4_TYPES:
        raise problem(404, "not-supported", "That is not a resource type of FHIR R4.")
    return kind


def id_of(request: Request) -> LogicalId | None:
    """The id in the path; None where nothing can have it."""
    return LogicalId.parse(request.path_params["id"])


def base_of(request: Request) -> str:
    """The address of this server as the caller wrote it, without a slash at the end."""
    scope = request.scope
    path: str = scope.get("root_path", "") or scope["path"].rstrip("/")
    host = request.headers.get("host")
    if host:  # what Starlette makes of it, without taking it apart
        return f"{scope['scheme']}://{host}{path}"
    return str(request.url.replace(path=path, query="", fragment=""))


def address_of(request: Request) -> str:
    """What was asked for, as the caller wrote it, without the query."""
    host = request.headers.get("host")
    if not host:
        return str(request.url.replace(query="", fragment=""))
    path: str = request.scope["path"]
    for sign, escaped in (("?", "%3F"), ("#", "%23"), ("\\", "%5C")):  # as Starlette does
        path = path.replace(sign, escaped)
    return f"{request.scope['scheme']}://{host}{path}"


async def body_of(request: Request, media: frozenset[str] = RESOURCES, most: int = _MOST) -> bytes:
    """The body in JSON, whether it was sent so or in XML.

    Raises:
        Problem: 415 for another media type, 413 for too much, 400 for what is not FHIR in XML.
    """
    said = media_of(request)
    if said not in media:
        raise problem(415, "not-supported", f"Send {', '.join(sorted(media - {''}))}.")
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise problem(413, "too-long", f"The body is longer than {most >> 20} MiB.")
        parts.append(part)
    body = b"".join(parts)
    return from_xml(body) if said in XML_BODIES else body


def media_of(request: Request) -> str:
    """The media type of the body, "" where none is said."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def resource_of(body: bytes, kind: str) -> dict[str, Any]:
    """The resource that a body is; `kind` "" is any.

    Raises:
        Problem: 400, it is not JSON, or not a resource of this type.
    """
    try:
        value = read_json(body)
    except NotJson as error:
        where = f" at {error.place}" if error.place else ""
        raise problem(400, "structure", f"The body is not JSON: {error}{where}.") from None
    if not is_object(value):
        raise problem(400, "structure", "The body is not a JSON object.")
    if kind and value.get("resourceType") != kind:
        raise problem(400, "invalid", f"The body is not a {kind}.", "resourceType")
    return value


def if_match(request: Request) -> int | None:
    """The version that `If-Match` names, or None without one.

    Raises:
        Problem: 400, it is not a version this server gives.
    """
    said = request.headers.get("if-match")
    return None if said is None else version_in(said)


def version_in(etag: str, place: str = "") -> int:
    """The version that an entity tag names."""
    found = _ETAG.fullmatch(etag.strip())
    if found is None:
        raise problem(400, "value", 'A version is named as W/"1".', place)
    return int(found[1])


def identifiers(query: str, place: str = "") -> tuple[str, ...]:
    """The identifiers (`system|value`) that a conditional request names.

    Raises:
        Problem: 412 where none is named, 400 for anything but `identifier=system|value`.
    """
    found: list[str] = []
    for name, said in parse_qsl(query.partition("?")[2] or query, keep_blank_values=True):
        if name in {"_format", "_pretty"}:
            continue
        system, bar, value = said.partition("|")
        if name != "identifier" or not bar or not value or "," in value or not system:
            raise problem(
                400, "not-supported", "Conditions are of the form identifier=system|value.", place
            )
        found.append(said)
    if not found:
        raise problem(412, "required", "Name the resource by identifier=system|value.", place)
    return tuple(found)


def number_of(said: str | None, name: str, default: int) -> int:
    """The whole number that a parameter says.

    Raises:
        Problem: 400, it says none.
    """
    if said is None:
        return default
    if not said.isascii() or not said.isdigit() or len(said) > 9:
        raise problem(400, "value", f"{name} is a whole number.")
    return int(said)


def moment_of(said: str | None, name: str) -> datetime | None:
    """The moment that a parameter says, with its zone.

    Raises:
        Problem: 400, it says none.
    """
    if said is None:
        return None
    try:
        moment = datetime.fromisoformat(said.replace(" ", "+"))
    except ValueError:
        raise problem(400, "value", f"{name} is a moment with its time zone.") from None
    if moment.tzinfo is None:
        raise problem(400, "value", f"{name} is a moment with its time zone.")
    return moment


def types_of(said: str | None) -> frozenset[str]:
    """The resource types that a parameter lists; none listed is every one.

    Raises:
        Problem: 400, one is no type of R4.
    """
    types = frozenset(said.split(",")) if said else frozenset[str]()
    if not types <= R4_TYPES:
        raise problem(400, "value", "_type lists types of FHIR R4, commas between.")
    return types
