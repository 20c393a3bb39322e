"""JSON or XML: what is asked for, what is sent, and the one turned into the other.

Source: FHIR R4, RESTful API, "Content Types and encodings". Within the program a resource is JSON;
XML is read as it comes in and written as it leaves, here and nowhere else.
"""

import re
from functools import lru_cache

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from wholerecord.fhir.problem import problem
from wholerecord.fhir.xml import as_xml
from wholerecord.intake.fhir.shape import is_object
from wholerecord.intake.fhir.xml_tree import FHIR, NotFhirXml, tree
from wholerecord.intake.markup import namespace, parse
from wholerecord.intake.reading import Fault
from wholerecord.record import canonical, read_json

JSON_MEDIA, XML_MEDIA = "application/fhir+json", "application/fhir+xml"
_JSON = frozenset({"json", "application/json", JSON_MEDIA, "text/json"})
_XML = frozenset({"xml", "application/xml", XML_MEDIA, "text/xml"})
#: Media types of a body in XML.
XML_BODIES = _XML - {"xml"}
#: What a bulk export's files and a form's pages are; they go by rules of their own.
_ANY = frozenset({"*/*", "application/*", "application/fhir+ndjson", "application/ndjson"})
_WEIGHT = re.compile(r"[01](\.\d{0,3})?", re.ASCII)


def wants_xml(request: Request) -> bool:
    """Whether the answer is to be XML: as `_format` says, else `Accept`, else JSON.

    Raises:
        Problem: 406, only something else is accepted.
    """
    if b"_format" in request.scope["query_string"]:
        said = request.query_params.get("_format")
        if said is not None:
            return _must(_sort(said.partition(";")[0].strip().lower().replace(" ", "+")))
    return _must(_accepted(",".join(request.headers.getlist("accept"))))


def _must(found: str | None) -> bool:
    if found is None:
        raise problem(406, "not-supported", f"Answers are {JSON_MEDIA} or {XML_MEDIA}.")
    return found == "xml"


def _sort(media: str) -> str | None:
    return "json" if media in _JSON else "xml" if media in _XML else None


@lru_cache(maxsize=256)
def _accepted(header: str) -> str | None:
    """What an `Accept` header wants most of what there is; None: nothing of it."""
    wanted: list[tuple[float, str]] = []
    for one in header.split(","):
        media, *rest = [part.strip().lower() for part in one.split(";")]
        if media:
            said = next((part[2:] for part in rest if part.startswith("q=")), "1")
            weight = float(said) if _WEIGHT.fullmatch(said) else 0.0
            if weight > 0:
                wanted.append((-weight, media))
    if not wanted:
        return "json"
    for _, media in sorted(wanted, key=lambda pair: pair[0]):
        found = "json" if media in _ANY or media.startswith("text/*") else _sort(media)
        if found is not None:
            return found
    return None


def in_xml(response: Response) -> Response:
    """The same answer, its resource as XML; what is no resource in JSON stays as it is."""
    if isinstance(response, StreamingResponse) or response.media_type != JSON_MEDIA:
        return response
    resource = read_json(bytes(response.body)) if response.body else None
    if not is_object(resource):
        return response
    return _again(response, as_xml(resource), XML_MEDIA)


def indented(response: Response) -> Response:
    """The same answer, its JSON indented for people to read."""
    if isinstance(response, StreamingResponse) or response.media_type != JSON_MEDIA:
        return response
    if not response.body:
        return response
    return _again(response, msgspec.json.format(bytes(response.body), indent=2), JSON_MEDIA)


def _again(response: Response, body: bytes, media: str) -> Response:
    kept = {
        name: value
        for name, value in response.headers.items()
        if name not in {"content-length", "content-type"}
    }
    return Response(body, response.status_code, kept, media)


def from_xml(body: bytes) -> bytes:
    """The JSON that a resource in XML says.

    Raises:
        Problem: 400, it is not XML that can be read, or not FHIR, and where.
    """
    root = parse(body)
    if isinstance(root, Fault):
        raise _unread(root)
    if namespace(root) != FHIR:
        raise problem(400, "structure", f"The body is not of the namespace {FHIR}.")
    try:
        return canonical(tree(root))
    except NotFhirXml as error:
        raise _unread(error.fault) from None


def _unread(fault: Fault) -> Exception:
    detail = f": {fault.detail}" if fault.detail else ""
    where = f" at {fault.place}" if fault.place else ""
    return problem(400, "structure", f"The body is not FHIR in XML{detail}{where}.")
