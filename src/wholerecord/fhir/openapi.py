"""`GET /fhir/openapi.json`: the same API as an OpenAPI description, made of the routes there are.

Source: OpenAPI 3.0.3. Nothing is listed by hand but what a route cannot say: the media types of its
body, and which parameters it must have.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from wholerecord.fhir.formats import JSON_MEDIA, XML_MEDIA
from wholerecord.fhir.patch import JSON_PATCH
from wholerecord.fhir.xml_patch import XML_PATCH
from wholerecord.intake.fhir.about import R4_TYPES

PATH = "/openapi.json"
_FORM = "application/x-www-form-urlencoded"
_ID = {"type": "string", "pattern": "^[A-Za-z0-9.-]{1,64}$"}
_RESOURCE: Mapping[str, Any] = MappingProxyType(
    {
        "type": "object",
        "required": ["resourceType"],
        "properties": {"resourceType": {"type": "string"}, "id": _ID},
    }
)
_OUTCOME: Mapping[str, Any] = MappingProxyType(
    {
        "type": "object",
        "required": ["resourceType", "issue"],
        "properties": {
            "resourceType": {"type": "string", "enum": ["OperationOutcome"]},
            "issue": {"type": "array", "minItems": 1, "items": {"type": "object"}},
        },
    }
)
#: Paths that answer with something else than one resource: a file, a list of them, nothing.
_OTHERWISE: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "/$export/{export}": ("application/json",),
        "/$export/{export}/{file}": (
            "application/fhir+ndjson",
            "application/vnd.apache.parquet",
        ),
        "/.well-known/smart-configuration": ("application/json",),
        PATH: ("application/json",),
    }
)
_WORDS: Mapping[str, str] = MappingProxyType(
    {"GET": "read", "POST": "send", "PUT": "replace", "PATCH": "change", "DELETE": "take back"}
)


def described(routes: Iterable[BaseRoute], title: str, version: str) -> dict[str, Any]:
    """The description of these routes, below the address it is served at."""
    paths: dict[str, dict[str, Any]] = {}
    for one in routes:
        if isinstance(one, Route) and one.methods is not None and ":path}" not in one.path:
            path = re.sub(r":\w+}", "}", one.path)
            at = paths.setdefault(path, {})
            for method in sorted(one.methods - {"HEAD"}):
                at[method.lower()] = _operation(path, method)
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {
            "schemas": {"Resource": dict(_RESOURCE), "OperationOutcome": dict(_OUTCOME)}
        },
    }


def served(routes: Sequence[BaseRoute], title: str, version: str) -> Route:
    """The route of the description: of these, and of itself."""

    async def description(request: Request) -> Response:
        here = str(request.url.replace(query="")).removesuffix(PATH)
        return JSONResponse(made | {"servers": [{"url": here}]})

    own = Route(PATH, description)
    made = described([*routes, own], title, version)
    return own


def _operation(path: str, method: str) -> dict[str, Any]:
    """One operation: its parameters, its body, what it answers."""
    said: dict[str, Any] = {
        "operationId": f"{method.lower()}{re.sub('[^A-Za-z]+', '_', path)}",
        "summary": f"{_WORDS.get(method, method)} {path}",
        "parameters": [_parameter(name) for name in re.findall(r"{(\w+)}", path)],
        "responses": _responses(path, method),
    }
    if method == "GET":
        said["parameters"].append(_query("_format", {"type": "string"}))
        said["parameters"].append(_query("_pretty", {"type": "boolean"}))
    if method == "GET" and _last(path) == "{type}":
        said["parameters"].append(_query("_count", {"type": "integer", "minimum": 0}))
        said["parameters"].append(_query("patient", _ID))
    if method in {"POST", "PUT", "PATCH"}:
        said["requestBody"] = {"content": {media: _body(media) for media in _media(path, method)}}
    return said


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _media(path: str, method: str) -> Sequence[str]:
    if _last(path) == "_search":
        return (_FORM,)
    patches = (JSON_PATCH, XML_PATCH) if method == "PATCH" else ()
    return (*patches, JSON_MEDIA, XML_MEDIA)


def _body(media: str) -> dict[str, Any]:
    """What a body of this media type is."""
    if media == JSON_PATCH:
        return {"schema": {"type": "array", "items": {"type": "object"}}}
    if media == _FORM:
        return {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}
    if media in {XML_MEDIA, XML_PATCH}:
        return {"schema": {"type": "string"}}
    return {"schema": {"$ref": "#/components/schemas/Resource"}}


def _parameter(name: str) -> dict[str, Any]:
    kinds = {"type": {"type": "string", "enum": sorted(R4_TYPES)}}
    return {"name": name, "in": "path", "required": True, "schema": kinds.get(name, _ID)}


def _query(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": dict(schema)}


def _responses(path: str, method: str) -> dict[str, Any]:
    resource = {"schema": {"$ref": "#/components/schemas/Resource"}}
    outcome = {"schema": {"$ref": "#/components/schemas/OperationOutcome"}}
    media = _OTHERWISE.get(path)
    well: dict[str, Any] = (
        {one: {} for one in media} if media else {JSON_MEDIA: resource, XML_MEDIA: {}}
    )
    done: dict[str, Any] = {"description": "done"}
    if method != "DELETE" and _last(path) != "$export":  # those say where to look, or nothing
        done["content"] = well
    return {
        "2XX": done,
        "3XX": {"description": "not modified"},
        "4XX": {"description": "why not", "content": {JSON_MEDIA: outcome, XML_MEDIA: {}}},
    }
