"""`POST /fhir`: batch and transaction. Source: FHIR R4, RESTful API and Bundle.

A transaction is one commit: all of its writes, and nothing of them where one cannot be done. In a
batch each entry is done by itself. What is read in either is read after all that is written.
"""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Door
from wholerecord.access.saying import Change, Outcome, Told
from wholerecord.consent import Purpose
from wholerecord.errors import WholerecordError
from wholerecord.fhir.answers import json_answer, location_of
from wholerecord.fhir.given import base_of, body_of, identifiers, resource_of, version_in
from wholerecord.fhir.outcome import issues_of, outcome_of
from wholerecord.fhir.problem import Problem, problem
from wholerecord.fhir.request import Api
from wholerecord.fhir.served import instant, served
from wholerecord.fhir.validation import must_be_valid
from wholerecord.fhir.write import said
from wholerecord.intake.fhir.about import R4_TYPES
from wholerecord.intake.fhir.shape import an_object
from wholerecord.record import LogicalId

#: More entries than this are a feed's business.
_MOST = 10_000
_OUTCOMES = {
    Outcome.CREATED: "201 Created",
    Outcome.UPDATED: "200 OK",
    Outcome.UNCHANGED: "200 OK",
    Outcome.DELETED: "204 No Content",
}


class _Asked(msgspec.Struct, rename="camel"):
    method: str = ""
    url: str = ""
    if_match: str | None = None
    if_none_exist: str | None = None


class _Entry(msgspec.Struct, rename="camel"):
    request: _Asked | None = None
    resource: msgspec.Raw = msgspec.Raw()
    full_url: str = ""


class _Bundle(msgspec.Struct):
    type: str = ""
    entry: list[_Entry] = msgspec.field(default_factory=list[_Entry])


_READ = msgspec.json.Decoder(_Bundle)


async def bundle(api: Api, request: Request) -> Response:
    """200 with a response for each entry, in order; of a transaction that cannot be, a problem."""
    door, purpose = await api.open_for(request)
    body = await body_of(request)
    resource = resource_of(body, "Bundle")
    try:
        asked = _READ.decode(body)
    except msgspec.ValidationError as error:
        raise problem(400, "structure", f"The Bundle is not as FHIR has it: {error}.") from None
    if asked.type not in {"transaction", "batch"}:
        raise problem(400, "invalid", "Send a Bundle of type transaction or batch.", "Bundle.type")
    if len(asked.entry) > _MOST:
        raise problem(413, "too-costly", f"A Bundle has at most {_MOST} entries here.")
    entries: list[Any] = resource.get("entry", [])
    base = base_of(request)
    if asked.type == "transaction":
        answers = await _transaction(door, purpose, asked, entries, base)
    else:
        answers = [
            await _alone(door, purpose, entry, entries[n], f"Bundle.entry[{n}]", base=base)
            for n, entry in enumerate(asked.entry)
        ]
    response = {
        "resourceType": "Bundle",
        "type": f"{asked.type}-response",
        "entry": answers,
    }
    return json_answer(request, msgspec.json.encode(response))


async def _transaction(
    door: Door, purpose: Purpose, asked: _Bundle, entries: list[Any], base: str
) -> list[dict[str, Any]]:
    changes: list[Change | None] = []
    reads: dict[int, tuple[str, LogicalId | None]] = {}
    for n, entry in enumerate(asked.entry):
        place = f"Bundle.entry[{n}]"
        if _method(entry, place) == "GET":
            reads[n] = _address(entry, place)
            changes.append(None)
        else:
            changes.append(_change(entry, entries[n], place))
    doing = [change for change in changes if change is not None]
    told = iter(await said(door, purpose, doing, base) if doing else [])
    answers: list[dict[str, Any]] = []
    for n, change in enumerate(changes):
        if change is None:
            answers.append(await _read(door, purpose, *reads[n], f"Bundle.entry[{n}]"))
        else:
            answers.append(_answer(next(told)))
    return answers


async def _alone(
    door: Door, purpose: Purpose, entry: _Entry, value: Any, place: str, *, base: str
) -> dict[str, Any]:
    """What one entry of a batch is answered."""
    try:
        if _method(entry, place) == "GET":
            return await _read(door, purpose, *_address(entry, place), place)
        [told] = await said(door, purpose, [_change(entry, value, place)], base)
    except (Problem, WholerecordError) as error:
        status, issues = issues_of(error)
        outcome = msgspec.Raw(outcome_of(issues))
        return {"response": {"status": str(status), "outcome": outcome}}
    return _answer(told)


async def _read(
    door: Door,
    purpose: Purpose,
    kind: str,
    logical: LogicalId | None,
    place: str,
) -> dict[str, Any]:
    shown = await door.said(kind, logical, purpose=purpose) if logical else None
    if shown is None or shown.version.gone:
        raise problem(404, "not-found", "There is nothing with that id here for you.", place)
    version = shown.version
    return {
        "resource": msgspec.Raw(served(shown)),
        "response": {
            "status": "200 OK",
            "etag": f'W/"{version.number}"',
            "lastModified": instant(version),
        },
    }


def _answer(told: Told) -> dict[str, Any]:
    version = told.version
    response = {"status": _OUTCOMES[told.outcome]}
    if version is None or version.gone:
        return {"response": response | {"status": "204 No Content"}}
    response |= {
        "location": location_of(version),
        "etag": f'W/"{version.number}"',
        "lastModified": instant(version),
    }
    return {"response": response}


def _method(entry: _Entry, place: str) -> str:
    if entry.request is None or not entry.request.url:
        raise problem(400, "required", "Say what to do: request.method and url.", place)
    method = entry.request.method
    if method not in {"GET", "HEAD", "POST", "PUT", "DELETE"}:
        raise problem(
            400, "not-supported", "An entry is GET, POST, PUT or DELETE.", f"{place}.request.method"
        )
    return "GET" if method == "HEAD" else method


def _address(entry: _Entry, place: str) -> tuple[str, LogicalId | None]:
    """The type and id that an entry's url names."""
    url = entry.request.url if entry.request else ""
    kind, _, logical = urlsplit(url).path.strip("/").rpartition("/")
    kind = kind.rpartition("/")[2]
    if kind not in R4_TYPES or "?" in url:
        raise problem(404, "not-supported", "What the url asks is not answered in a Bundle.", place)
    return kind, LogicalId.parse(logical)


def _change(entry: _Entry, value: Any, place: str) -> Change:
    """What an entry changes.

    Raises:
        Problem: it cannot be done as it stands.
    """
    asked = entry.request or _Asked()
    path, _, query = asked.url.partition("?")
    kind, slash, logical = path.strip("/").partition("/")
    if kind not in R4_TYPES:
        raise problem(404, "not-supported", "The url names no type of FHIR R4.", f"{place}.request")
    method = _method(entry, place)
    resource = b"" if method == "DELETE" else _resource(entry, value, kind, place)
    match = None if asked.if_match is None else version_in(asked.if_match, place)
    change = Change(
        method="POST" if method == "POST" else "PUT" if method == "PUT" else "DELETE",
        kind=kind,
        resource=resource,
        full_url=entry.full_url,
        if_match=match,
        place=place,
    )
    if method == "POST":
        condition = asked.if_none_exist
        where = () if condition is None else identifiers(condition, place)
        return replace(change, where=where)
    if not slash or not logical:
        return replace(change, where=identifiers(query, place))
    parsed = LogicalId.parse(logical)
    if parsed is None:
        if method == "PUT":
            raise problem(405, "not-supported", "Ids are given by the server: use POST.", place)
        raise problem(404, "not-found", "There is nothing with that id here for you.", place)
    return replace(change, id=parsed)


def _resource(entry: _Entry, value: Any, kind: str, place: str) -> bytes:
    resource = an_object(an_object(value).get("resource"))
    if not resource:
        raise problem(400, "required", "There is no resource.", f"{place}.resource")
    if resource.get("resourceType") != kind:
        raise problem(400, "invalid", f"The resource is not a {kind}.", f"{place}.resource")
    must_be_valid(kind, resource, f"{place}.resource.")
    return bytes(entry.resource)
