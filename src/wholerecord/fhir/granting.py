"""What an app was let in to, held against every interaction and everything that leaves by one.

A token narrows twice. The door of whoever let the app in is narrowed to a person, views and kinds
of entries (`limits`), so that no route can go round it. And here each request is held against the
scopes by its address, and each resource of the answer by its type and category: a route need not
know that tokens exist. Source: SMART App Launch 2.2, "Scopes for requesting FHIR Resources".
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from wholerecord.access import Limits
from wholerecord.errors import Forbidden
from wholerecord.smart import Scopes, granted, shows

#: About nobody: whoever is let in to anything may ask what a code means.
_TERMINOLOGY = frozenset({"CodeSystem", "ValueSet", "ConceptMap"})
_WRITTEN = frozenset("cud")
_ABOUT_NOBODY = frozenset({"OperationOutcome", "CapabilityStatement"})
#: Asking what a code means, which is no letter of the standard's.
_MEANING = "$"
#: What looks at each thing in it by itself: a Bundle at its entries, an export at its resources.
_EACH = "*"
#: Reading what a subscription tells of, which looks itself at what is let in to.
_OWN = "!"
BINDING = "$get-ws-binding-token"
_TOLD = (["$status"], ["$events"], [BINDING])
_OF_MANY = re.compile(
    r"\$process-message|Composition/[^/]+/\$document|((Patient|Group/[^/]+)/)?\$export|\$export/[^/]+(/[^/]+)?"
)
_TYPE = re.compile(r"[A-Z][A-Za-z]{1,63}")
_WRITING = {"POST": "c", "PUT": "u", "PATCH": "u", "DELETE": "d"}


class NotLetIn(Forbidden):
    """The app was not let in to this."""


def scopes_of(limits: Limits | None) -> Scopes | None:
    """What an app was let in to, type by type; None: it is no app that asks."""
    return Scopes.parse(limits.scope) if limits else None


def let_in(request: Request, limits: Limits | None) -> Scopes | None:
    """What the asker was let in to; None: they look themselves, through no app.

    Raises:
        NotLetIn: this interaction is not among it, or is of no sort that is known.
    """
    scopes = scopes_of(limits)
    if scopes is None:
        return None
    kind, doing = _interaction(request)
    rows = scopes.rows
    if doing == _EACH:
        return scopes
    if doing in _WRITTEN:  # what is written has to be let in to whatever its category
        rows = tuple(row for row in rows if not row.categories)
    if doing != _MEANING and not granted(Scopes(rows), kind, "r" if doing == _OWN else doing):
        raise NotLetIn
    return scopes


def _interaction(request: Request) -> tuple[str, str]:
    """The type an address is about, and the letter of `cruds` for what is done with it.

    Of an address that is not known there is neither: it is not for tokens.

    >>> def at(method, path):
    ...     return _interaction(Request({"type": "http", "method": method, "path": path}))
    >>> at("GET", "/Observation/1"), at("POST", "/Observation/_search"), at("GET", "/x")
    (('Observation', 'r'), ('Observation', 's'), ('', ''))
    >>> at("POST", "/fhir"), at("GET", "/$export"), at("GET", "/Patient/$export")
    (('', '*'), ('', '*'), ('', '*'))
    """
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    kind, *more = [part for part in path.split("/") if part] or [""]
    if _is_of_many(request.method, path.strip("/")):
        return "", _EACH
    if kind == "Patient" and more == ["$match"]:
        return kind, "s"
    if doing := _of_nobody(kind, more):
        return kind, doing
    if not _TYPE.fullmatch(kind) or (more and more[0][:1] == "$"):
        return "", ""
    match more:
        case ["_search"] | ["_history"]:
            return kind, "s"
        case []:
            return kind, _WRITING.get(request.method, "s")
        case [_]:
            return kind, _WRITING.get(request.method, "r")
        case [_, of] | [_, of, "_search"] if kind == "Patient" and _TYPE.fullmatch(of):
            return of, "s"
        case [_, "_history"] | [_, "_history", _] | [_, "$everything"]:
            return kind, "r"
        case _:
            return "", ""


def _is_of_many(method: str, path: str) -> bool:
    """Whether an address is a Bundle's, a message's, a document's, or of an export."""
    bundle = method == "POST" and path in {"", "fhir"}
    return bundle or _OF_MANY.fullmatch(path) is not None


def _of_nobody(kind: str, more: list[str]) -> str:
    """What is done with what is about nobody: words, topics, and how a subscription stands."""
    if kind == "Subscription" and (more[1:] in _TOLD or more == [BINDING]):
        return _OWN
    of_words = kind in _TERMINOLOGY and len(more) == 1 and more[0][:1] == "$"
    return _MEANING if of_words or (kind == "SubscriptionTopic" and len(more) < 2) else ""


def may_write(limits: Limits | None, kind: str, method: str) -> None:
    """Go on only where an app was let in to write this type, whatever its category.

    Raises:
        NotLetIn: it was not.
    """
    scopes = scopes_of(limits)
    if scopes is not None:
        rows = tuple(row for row in scopes.rows if not row.categories)
        if not granted(Scopes(rows), kind, _WRITING[method]):
            raise NotLetIn


def is_read(scopes: Scopes | None, kind: str, resource: Mapping[str, Any] | None) -> bool:
    """Whether an app was let in to read this very resource; of None, that it is there no more."""
    if scopes is None:
        return True
    if resource is None:
        return any(row.allows(kind, "r") and not row.categories for row in scopes.rows)
    return shows(scopes, resource, "r")


def only_granted(response: Response, scopes: Scopes, request: Request) -> Response:
    """The answer with nothing in it that was not let in to: of another type, or category.

    Raises:
        NotLetIn: it is one resource, and that is not.
    """
    doing = _interaction(request)[1]
    if response.status_code >= 400 or doing in _WRITTEN | {_MEANING, _OWN, _EACH}:
        return response
    if isinstance(response, StreamingResponse):
        raise NotLetIn  # what leaves piece by piece is not for tokens yet
    if not response.body:
        return response
    whole = msgspec.json.decode(response.body, type=dict[str, msgspec.Raw])
    if _type(whole) != "Bundle":
        if not _is_shown(whole, scopes, "r"):
            raise NotLetIn
        return response
    entries = msgspec.json.decode(whole.get("entry", b"[]"), type=list[dict[str, msgspec.Raw]])
    shown = [one for one in entries if _entry_is_shown(one, scopes, doing)]
    if len(shown) == len(entries):
        return response
    whole.pop("total", None)  # how much there is besides is not said
    whole["entry"] = msgspec.Raw(msgspec.json.encode(shown))
    if not shown:
        del whole["entry"]
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Response(msgspec.json.encode(whole), response.status_code, headers)


def _entry_is_shown(one: dict[str, msgspec.Raw], scopes: Scopes, doing: str) -> bool:
    if "resource" not in one:  # as of a version that was a deletion
        return not any(row.categories for row in scopes.rows)
    resource = msgspec.json.decode(one["resource"], type=dict[str, msgspec.Raw])
    return _is_shown(resource, scopes, doing)


def _is_shown(resource: dict[str, msgspec.Raw], scopes: Scopes, doing: str) -> bool:
    kind = _type(resource)
    category: Any = msgspec.json.decode(resource.get("category", b"null"))
    said = {"resourceType": kind, "category": category}
    return kind in _ABOUT_NOBODY or shows(scopes, said, doing)


def _type(resource: dict[str, msgspec.Raw]) -> str:
    return msgspec.json.decode(resource.get("resourceType", b'""'), type=str)
