"""`PATCH /fhir/{type}/{id}`: a JSON Patch (RFC 6902) to the newest version. Source: FHIR R4."""

from typing import Any

import jsonpatch
from jsonpointer import JsonPointerException
from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access.read_said import Shown
from wholerecord.access.saying import Change
from wholerecord.fhir.answers import gone
from wholerecord.fhir.given import base_of, body_of, id_of, if_match, kind_of
from wholerecord.fhir.problem import Problem, problem
from wholerecord.fhir.read import unknown
from wholerecord.fhir.request import Api
from wholerecord.fhir.served import served
from wholerecord.fhir.validation import must_be_valid
from wholerecord.fhir.write import answered, said
from wholerecord.intake.fhir.shape import is_array, is_object
from wholerecord.record import LogicalId, NotJson, canonical, read_json

_MEDIA = frozenset({"application/json-patch+json"})
#: Operations in one patch, and how large its resource may become, bytes: copies of copies double.
_MOST, _LARGEST = 1000, 4 << 20
#: How often a patch is made again that another write came before.
_TRIES = 5


async def patch(api: Api, request: Request) -> Response:
    """200 with the new version; 422 where a test fails, 412 for another version, 404, 410."""
    door, purpose = await api.open_for(request)
    kind, logical = kind_of(request), id_of(request)
    operations = _operations(await body_of(request, _MEDIA))
    expected = if_match(request)
    if logical is None:
        raise unknown()
    for left in reversed(range(_TRIES)):
        shown = await door.said(kind, logical, purpose=purpose)
        if shown is None:
            raise unknown()
        if shown.version.gone:
            raise gone(shown.version)
        change = _patched(kind, logical, shown, operations, expected)
        try:
            [told] = await said(door, purpose, [change], base_of(request))
        except Problem as error:
            if error.status == 412 and expected is None and left:
                continue
            raise
        return answered(request, told)
    raise problem(409, "conflict", "Somebody else changed it just now: try again.")


def _patched(
    kind: str,
    logical: LogicalId,
    shown: Shown,
    operations: list[dict[str, Any]],
    expected: int | None,
) -> Change:
    """The change that leads to the resource as patched."""
    if shown.unplaced:  # what is written back must not lack what may not be told
        raise problem(403, "forbidden", "Of this person no resource is changed in part.")
    resource = applied(read_json(served(shown)), operations)
    if resource.get("id") != logical.text or resource.get("resourceType") != kind:
        raise problem(422, "business-rule", "A patch changes neither the id nor the type.")
    must_be_valid(kind, resource)
    number = shown.version.number if expected is None else expected
    return Change(
        method="PUT", kind=kind, id=logical, resource=canonical(resource), if_match=number
    )


def applied(resource: dict[str, Any], operations: list[dict[str, Any]]) -> dict[str, Any]:
    """The resource with each operation done in turn.

    Raises:
        Problem: 422, one cannot be done, or its test failed.
    """
    for n, operation in enumerate(operations):
        try:
            changed: Any = jsonpatch.apply_patch(resource, [operation])
        except (
            jsonpatch.JsonPatchException,
            JsonPointerException,
            TypeError,
            ValueError,
            LookupError,
        ):
            raise problem(422, "processing", "The operation cannot be done.", f"[{n}]") from None
        if not is_object(changed):
            raise problem(422, "processing", "What is left is not a resource.", f"[{n}]")
        if operation.get("op") == "copy" and len(canonical(changed)) > _LARGEST:
            raise problem(422, "too-costly", "The resource becomes too large.", f"[{n}]")
        resource = changed
    return resource


def _operations(body: bytes) -> list[dict[str, Any]]:
    try:
        value = read_json(body)
    except NotJson:
        raise problem(400, "structure", "The body is not JSON.") from None
    if not is_array(value) or not value or not all(is_object(one) for one in value):
        raise problem(400, "structure", "The body is not a JSON Patch: an array of operations.")
    if len(value) > _MOST:
        raise problem(413, "too-costly", f"A patch has at most {_MOST} operations here.")
    return value
