"""`$export`: kick-off, status, files, cancelling.

Source: HL7 Bulk Data Access IG 2.0, "Request Flow". What is exported is what each opening lets out,
and the files are given to whoever asked and to nobody else: to the others there is nothing (404).
"""

from collections.abc import AsyncIterator, Sequence
from email.utils import format_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from wholerecord.access import Door, Refused
from wholerecord.access.departures import let_out_by
from wholerecord.consent import Purpose
from wholerecord.errors import Unsupported
from wholerecord.fhir.answers import json_answer
from wholerecord.fhir.bulk.asked import PARQUET, asked_of
from wholerecord.fhir.bulk.export import Export
from wholerecord.fhir.bulk.exports import LASTS, Exports, Read
from wholerecord.fhir.bulk.files import DELETED
from wholerecord.fhir.given import base_of
from wholerecord.fhir.granting import NotLetIn, is_read, scopes_of
from wholerecord.fhir.problem import problem
from wholerecord.fhir.read import unknown
from wholerecord.fhir.request import Api
from wholerecord.fhir.search.cursor import asker
from wholerecord.fhir.served import moment_said
from wholerecord.record import LogicalId, PersonId, canonical

_MEDIA = "application/fhir+ndjson"
#: People a Group names, at most; a larger one is what the organisation's own export is for.
_MEMBERS = 10_000
_OVER = "Who may see what has changed since it was made: ask for it again."


async def kick_off(api: Api, request: Request) -> Response:
    """202 with `Content-Location`: everybody whom the asker's organisation knows.

    Of the system, not of its patients alone, with what is about nobody: wards, staff.
    """
    door, purpose = await api.open_for(request)
    system = "/Patient/" not in request.url.path
    return _begin(api, request, door, purpose, known(door), directory=system)


async def group(api: Api, request: Request) -> Response:
    """202: the people that a Group names; 404 where there is no such Group of the asker's own."""
    door, purpose = await api.open_for(request)
    logical = LogicalId.parse(request.path_params["id"])
    if not is_read(scopes_of(door.actor.limits), "Group", {"resourceType": "Group"}):
        raise NotLetIn
    named = await door.group(logical, purpose=purpose)
    if isinstance(named, Refused) or not named:
        raise unknown()
    return _begin(api, request, door, purpose, _each(named[:_MEMBERS]))


async def kick_off_of_record(read: Read, api: Api, request: Request) -> Response:
    """The same of the one record of each, as `read` gives it; 400 for `_since`, which it lacks."""
    door, purpose = await api.open_for(request)
    if "_since" in request.query_params:
        raise problem(400, "not-supported", "The one record is exported whole.", "_since")
    return _begin(api, request, door, purpose, known(door), read=read)


def _begin(
    api: Api,
    request: Request,
    door: Door,
    purpose: Purpose,
    people: AsyncIterator[PersonId],
    *,
    read: Read | None = None,
    directory: bool = False,
) -> Response:
    scopes = scopes_of(door.actor.limits)
    if scopes is not None and not any("r" in row.may for row in scopes.rows):
        raise NotLetIn
    base = base_of(request)
    export = _exports(api).begin(
        door,
        purpose,
        people,
        asked_of(request),
        asker=asker(door.actor),
        url=str(request.url),
        base=base,
        read=read,
        directory=directory,
    )
    return Response(status_code=202, headers={"Content-Location": f"{base}/$export/{export.id}"})


async def known(door: Door) -> AsyncIterator[PersonId]:
    """Everybody of whom this actor may ask to read all, a page of ids in memory at a time."""
    after: PersonId | None = None
    while page := await door.known_people(after):
        for person in page:
            yield person
        after = page[-1]


async def _each(people: Sequence[PersonId]) -> AsyncIterator[PersonId]:
    for person in people:
        yield person


async def status(api: Api, request: Request) -> Response:
    """202 while it is made, 200 with the manifest, 500 where it could not be; 404."""
    export = await _asked_for(api, request)
    if export.done is None:
        headers = {"X-Progress": f"{export.people} people read", "Retry-After": "2"}
        return Response(status_code=202, headers=headers)
    if export.failed:
        raise problem(500, "exception", export.failed)
    manifest: dict[str, Any] = {
        "transactionTime": moment_said(export.began),
        "request": export.url,
        "requiresAccessToken": True,
        "output": [_file(export, kind) for kind in sorted(export.counts) if kind != DELETED],
        "deleted": [_file(export, DELETED)] if DELETED in export.counts else [],
        "error": [],
    }
    answer = json_answer(request, canonical(manifest))
    answer.headers["content-type"] = "application/json"
    answer.headers["expires"] = format_datetime(export.began + LASTS, usegmt=True)
    return answer


async def fetch(api: Api, request: Request) -> Response:
    """200 with one file, a resource a line; 404; 410 where who may see it has changed since."""
    door, _ = await api.open_for(request)
    export = await _asked_for(api, request)
    name: str = request.path_params["file"]
    if export.done is None or name not in export.counts:
        raise unknown()
    if await door.rules_now(export.whose, export.purpose) != frozenset(export.rules):
        raise problem(410, "conflict", _OVER)
    headers = {"Cache-Control": "no-store"}
    media, end = (PARQUET, "parquet") if export.asked.parquet else (_MEDIA, "ndjson")
    return FileResponse(export.folder / f"{name}.{end}", headers=headers, media_type=media)


async def cancel(api: Api, request: Request) -> Response:
    """202: it is stopped and its files are gone; 404."""
    export = await _asked_for(api, request)
    _exports(api).remove(export)
    return Response(status_code=202)


async def _asked_for(api: Api, request: Request) -> Export:
    door, _ = await api.open_for(request)
    export = _exports(api).of(request.path_params["export"], asker(door.actor))
    if export is None:
        raise unknown()
    if export.last:
        let_out_by(export.last)  # what its files hold was let out when they were made
    return export


def _exports(api: Api) -> Exports:
    if api.exports is None:
        raise Unsupported("This server has no place for the files of an export.")
    return api.exports


def _file(export: Export, name: str) -> dict[str, Any]:
    return {
        "type": "Bundle" if name == DELETED else name,
        "url": f"{export.base}/$export/{export.id}/{name}",
        "count": export.counts[name],
    }
