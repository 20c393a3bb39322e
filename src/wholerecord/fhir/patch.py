"""`PATCH`: JSON Patch (RFC 6902), XML Patch (RFC 5261) or FHIRPath Patch to the newest version.

Source: FHIR R4, RESTful API, "patch".
"""

from collections.abc import Callable
from typing import Any

import jsonpatch
from jsonpointer import JsonPointerException
from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Door
from wholerecord.access.read_said import Shown
from wholerecord.access.saying import Change
from wholerecord.consent import Purpose
from wholerecord.fhir import xml_patch
from wholerecord.fhir.answers import gone
from wholerecord.fhir.fhirpath_patch import patched
from wholerecord.fhir.given import (
    RESOURCES,
    base_of,
    body_of,
    id_of,
    identifiers,
    if_match,
    kind_of,
    media_of,
    resource_of,
)
from wholerecord.fhir.problem import Problem, problem
from wholerecord.fhir.read import unknown
from wholerecord.fhir.request import Api
from wholerecord.fhir.served import served
from wholerecord.fhir.validation import must_be_valid
from wholerecord.fhir.version_aware import must_name_version
from wholerecord.fhir.write import answered, said
from wholerecord.fhir.xml_patch import XML_PATCH
from wholerecord.intake.fhir.shape import Object, is_array, is_object, objects
from wholerecord.record import LogicalId, NotJson, canonical, read_json

JSON_PATCH = "application/json-patch+json"
_MEDIA = frozenset({JSON_PATCH, XML_PATCH, *RESOURCES} - {""})
#: Operations in one patch, and how large its resource may become, bytes: copies of copies double.
_MOST, _LARGEST = 1000, 4 << 20
#: How much of resources a patch may go through in all, bytes: every operation looks at the whole.
_REACH = 4 << 20
#: How often a patch is made again that another write came before.
_TRIES = 5
#: What makes of a resource what the patch leads to.
Patch = Callable[[Object], Object]


async def patch(api: Api, request: Request) -> Response:
    """200 with the new version; 422 where it cannot be done, 412 for another version, 404, 410.

    428 for a Patient whose version is not named.

    Without an id it is of the one resource that the address's identifiers name: 404 without one,
    412 where there are several.
    """
    door, purpose = await api.open_for(request)
    kind = kind_of(request)
    change = patch_of(await body_of(request, _MEDIA), media_of(request))
    expected = if_match(request)
    must_name_version(kind, expected)
    if "id" in request.path_params:
        logical = id_of(request)
    else:
        logical = await named_one(door, kind, identifiers(request.url.query))
    if logical is None:
        raise unknown()
    for left in reversed(range(_TRIES)):
        made = await changed(door, purpose, (kind, logical), change, expected)
        try:
            [told] = await said(api, door, purpose, [made], base_of(request))
        except Problem as error:
            if error.status == 412 and expected is None and left:
                continue
            raise
        return answered(request, told)
    raise problem(409, "conflict", "Somebody else changed it just now: try again.")


async def named_one(door: Door, kind: str, where: tuple[str, ...]) -> LogicalId | None:
    """The one resource of the client's own that has these identifiers, if there is one.

    Raises:
        Problem: 412, there are several.
    """
    found = await door.known_as(kind, where)
    if len(found) > 1:
        raise problem(412, "multiple-matches", "Several resources have that identifier.")
    return found[0].id if found else None


async def changed(
    door: Door,
    purpose: Purpose,
    key: tuple[str, LogicalId],
    change: Patch,
    expected: int | None,
) -> Change:
    """The change that leads to the resource as patched, of the version that there is now.

    Raises:
        Problem: 404, 410; 422 where the patch cannot be done, or leads to what is not valid.
    """
    kind, logical = key
    shown = await door.said(kind, logical, purpose=purpose)
    if shown is None:
        raise unknown()
    if shown.version.gone:
        raise gone(shown.version)
    return _patched(kind, logical, shown, change, expected)


def _patched(
    kind: str, logical: LogicalId, shown: Shown, change: Patch, expected: int | None
) -> Change:
    if shown.unplaced:  # what is written back must not lack what may not be told
        raise problem(403, "forbidden", "Of this person no resource is changed in part.")
    resource = change(read_json(served(shown)))
    if resource.get("id") != logical.text or resource.get("resourceType") != kind:
        raise problem(422, "business-rule", "A patch changes neither the id nor the type.")
    must_be_valid(kind, resource)
    number = shown.version.number if expected is None else expected
    return Change(
        method="PUT", kind=kind, id=logical, resource=canonical(resource), if_match=number
    )


def patch_of(body: bytes, media: str) -> Patch:
    """What a body makes of a resource.

    Raises:
        Problem: 400, it is no patch.
    """
    if media == JSON_PATCH:
        operations = _operations(body)
        return lambda resource: applied(_within_reach(resource, len(operations)), operations)
    if media == XML_PATCH:
        in_xml = xml_patch.operations(body)
        return lambda resource: xml_patch.changed(_within_reach(resource, len(in_xml)), in_xml)
    parameters = resource_of(body, "Parameters")
    many = len(objects(parameters.get("parameter")))
    return lambda resource: patched(_within_reach(resource, many), parameters)


def _within_reach(resource: Object, operations: int) -> Object:
    """The resource, where so many looks at it are not too many.

    Raises:
        Problem: 413, they are.
    """
    if operations * len(canonical(resource)) > _REACH:
        says = "So many operations on so large a resource are too many: patch it in parts."
        raise problem(413, "too-costly", says)
    return resource


def applied(resource: Object, operations: list[dict[str, Any]]) -> Object:
    """The resource with each operation of a JSON Patch done in turn.

    Raises:
        Problem: 422, one cannot be done, or its test failed.
    """
    for n, operation in enumerate(operations):
        try:
            now: Any = jsonpatch.apply_patch(resource, [operation])
        except (
            jsonpatch.JsonPatchException,
            JsonPointerException,
            TypeError,
            ValueError,
            LookupError,
        ):
            raise problem(422, "processing", "The operation cannot be done.", f"[{n}]") from None
        if not is_object(now):
            raise problem(422, "processing", "What is left is not a resource.", f"[{n}]")
        if operation.get("op") == "copy" and len(canonical(now)) > _LARGEST:
            raise problem(422, "too-costly", "The resource becomes too large.", f"[{n}]")
        resource = now
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
