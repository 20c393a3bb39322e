"""`$validate`: what is wrong with a resource, and where; nothing is filed.

Source: FHIR R4, operation Resource-validate. 200 whatever is found: the answer is what was found.
"""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.fhir.answers import gone, json_answer
from wholerecord.fhir.given import body_of, id_of, kind_of, resource_of
from wholerecord.fhir.outcome import outcome_of
from wholerecord.fhir.problem import Issue, problem
from wholerecord.fhir.read import unknown
from wholerecord.fhir.request import Api
from wholerecord.fhir.served import served
from wholerecord.fhir.validation import checked
from wholerecord.intake.fhir.shape import is_object, objects, text
from wholerecord.record import read_json

_MODES = frozenset({"", "create", "update", "delete", "profile"})
_WELL = Issue(code="informational", says="It is as FHIR R4 has its type.", severity="information")


async def validate(api: Api, request: Request) -> Response:
    """200 with an OperationOutcome; the resource is the body, or stands in Parameters."""
    await api.open_for(request)
    kind = kind_of(request)
    body = await body_of(request)
    sent = resource_of(body, "")
    asked = dict(request.query_params)
    resource: dict[str, Any] | None = sent
    if sent.get("resourceType") == "Parameters" and kind != "Parameters":
        resource = None
        for one in objects(sent.get("parameter")):
            name = text(one.get("name"))
            if name == "resource" and is_object(one.get("resource")):
                resource = one["resource"]
            elif name in {"mode", "profile"}:
                values = (text(one.get(f"value{of}")) for of in ("Code", "Uri", "Canonical"))
                asked[name] = next((value for value in values if value), "")
    mode = asked.get("mode", "")
    if mode not in _MODES:
        raise problem(400, "value", "mode is create, update, delete or profile.", "mode")
    if resource is None:
        if mode == "delete":
            return _answer(request, [])
        raise problem(400, "required", "Send the resource that is to be checked.", "resource")
    issues = await _of(api, kind, resource, asked.get("profile", ""))
    if mode == "update" and not resource.get("id"):
        issues.append(Issue(code="required", says="An update has an id.", place=f"{kind}.id"))
    return _answer(request, issues)


async def validate_held(api: Api, request: Request) -> Response:
    """The same of what is held, as whoever asks may see it; 404, 410."""
    door, purpose = await api.open_for(request)
    kind, logical = kind_of(request), id_of(request)
    shown = await door.said(kind, logical, purpose=purpose) if logical else None
    if shown is None:
        raise unknown()
    if shown.version.gone:
        raise gone(shown.version)
    resource = read_json(served(shown))
    asked = request.query_params.get("profile", "")
    return _answer(request, await _of(api, kind, resource, asked))


async def _of(api: Api, kind: str, resource: dict[str, Any], profile: str) -> list[Issue]:
    """What is wrong by the type; and where nothing is, by the profiles."""
    found = checked(kind, resource)
    asked = [profile] if profile else []
    issues = [*found.wrong, *found.warned]
    if not found.wrong:  # of what is not as its type has it nothing further follows
        issues += await api.profiles.issues(kind, resource, asked)
    return issues


def _answer(request: Request, issues: Sequence[Issue]) -> Response:
    return json_answer(request, outcome_of(issues or [_WELL]))
