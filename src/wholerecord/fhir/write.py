"""Create, update and delete, plain and conditional. Source: FHIR R4, RESTful API.

Each is a message of the client's own source, filed as a statement in one commit with its opening.
"""

from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Door, Refused
from wholerecord.access.saying import Change, Outcome, Told, Unsaid
from wholerecord.consent import Purpose
from wholerecord.fhir.answers import headers_of, json_answer, location_of
from wholerecord.fhir.given import (
    base_of,
    body_of,
    id_of,
    identifiers,
    if_match,
    kind_of,
    resource_of,
)
from wholerecord.fhir.granting import may_write
from wholerecord.fhir.outcome import outcome_of
from wholerecord.fhir.prefer import returned
from wholerecord.fhir.problem import Issue, problem, unsaid
from wholerecord.fhir.profiles import Base
from wholerecord.fhir.record.consent_read import is_about_privacy
from wholerecord.fhir.request import Api
from wholerecord.fhir.served import of_version
from wholerecord.fhir.subset import is_part
from wholerecord.fhir.validation import must_be_valid
from wholerecord.fhir.version_aware import must_name_version

#: What is said of what went well.
DONE = outcome_of([Issue(code="informational", says="Done.", severity="information")])
_STATUS = {Outcome.CREATED: 201, Outcome.UPDATED: 200, Outcome.UNCHANGED: 200, Outcome.DELETED: 204}


async def create(api: Api, request: Request) -> Response:
    """201 with Location; with `If-None-Exist` 200 where the one it names is there, 412 if many."""
    door, purpose = await api.open_for(request)
    kind = kind_of(request)
    body = await body_of(request)
    must_be_valid(kind, resource_of(body, kind))
    condition = request.headers.get("if-none-exist")
    change = Change(
        method="POST",
        kind=kind,
        resource=body,
        where=() if condition is None else identifiers(condition),
    )
    return await _one(api, request, door, purpose, change)


async def update(api: Api, request: Request) -> Response:
    """200 with the new version; 405 for an id nobody was given, 412 for another version.

    428 for a Patient whose version is not named, but where it is found by identifiers: whoever
    sends all they know of it, as a feed does, keeps no versions.
    """
    door, purpose = await api.open_for(request)
    kind = kind_of(request)
    body = await body_of(request)
    resource = resource_of(body, kind)
    must_be_valid(kind, resource)
    change = Change(method="PUT", kind=kind, resource=body, if_match=if_match(request))
    if "id" not in request.path_params:
        change = replace(change, where=identifiers(request.url.query))
        return await _one(api, request, door, purpose, change)
    if resource.get("id") != request.path_params["id"]:
        raise problem(400, "invalid", "The id in the body is not the one in the address.", "id")
    logical = id_of(request)
    if logical is None:
        raise problem(405, "not-supported", "Ids are given by the server: create it with POST.")
    must_name_version(kind, change.if_match)
    return await _one(api, request, door, purpose, replace(change, id=logical))


async def delete(api: Api, request: Request) -> Response:
    """204: the last version says that its source took it back; nothing is lost. 404, 412."""
    door, purpose = await api.open_for(request)
    kind = kind_of(request)
    change = Change(method="DELETE", kind=kind, if_match=if_match(request))
    if "id" not in request.path_params:
        change = replace(change, where=identifiers(request.url.query))
        return await _one(api, request, door, purpose, change)
    logical = id_of(request)
    if logical is None:
        raise problem(404, "not-found", "There is nothing with that id here for you.")
    return await _one(api, request, door, purpose, replace(change, id=logical))


async def _one(
    api: Api, request: Request, door: Door, purpose: Purpose, change: Change
) -> Response:
    [told] = await said(api, door, purpose, [change], base_of(request))
    return answered(request, told)


async def said(
    api: Api,
    door: Door,
    purpose: Purpose,
    changes: Sequence[Change],
    base: str,
    *,
    once: bool = False,
) -> Sequence[Told]:
    """What became of each change; with `once` of the first alone, where it was done before.

    Raises:
        Problem: nothing was done, and why.
    """
    for change in changes:
        may_write(door.actor.limits, change.kind, change.method)
        if change.resource:
            place = f"{change.place}.resource." if change.place else ""
            await api.profiles.must_be_as_asked(Base.SAID, change.kind, change.resource, place)
    if any(change.kind == "Subscription" for change in changes):
        says = "A subscription is created, replaced and deleted by itself, at its own address."
        raise problem(422, "not-supported", says)
    if any(change.kind == "Consent" and is_about_privacy(change.resource) for change in changes):
        says = "A consent to who sees the record has an address of its own: /record/fhir/Consent."
        raise problem(422, "not-supported", says)
    if any(is_part(change.resource) for change in changes):
        says = "It is marked as a part of a resource (SUBSETTED): the rest would be lost. Send all."
        raise problem(422, "business-rule", says, "meta.tag")
    told = await door.say(changes, purpose=purpose, base=base, once=once)
    if isinstance(told, Unsaid):
        raise unsaid(told)
    if isinstance(told, Refused):
        raise problem(403, "forbidden", told.reason)
    return told


def answered(request: Request, told: Told) -> Response:
    """What is told of a change: the resource, nothing, or an OperationOutcome, as `Prefer` says."""
    version = told.version
    if version is None or version.gone:
        return Response(status_code=204, headers=headers_of(version) if version else None)
    status = _STATUS[told.outcome]
    headers = headers_of(version) | {"Location": f"{base_of(request)}/{location_of(version)}"}
    wanted = returned(request)
    if wanted == "minimal":
        return Response(status_code=status, headers=headers)
    if wanted == "OperationOutcome":
        return json_answer(request, DONE, status, headers)
    return json_answer(request, of_version(version), status, headers)
