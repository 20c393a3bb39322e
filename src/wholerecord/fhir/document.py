"""`Composition/{id}/$document`: a composition with all it refers to, as one document.

Source: FHIR R4, operation Composition-document; Bundle of type `document`. In it is what its asker
may see now: what is withheld from them is not there, and the references to it stay.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Door, Refused
from wholerecord.access.read_said import Shown
from wholerecord.consent import Purpose
from wholerecord.fhir.answers import gone, json_answer
from wholerecord.fhir.given import base_of, id_of
from wholerecord.fhir.granting import NotLetIn, is_read, scopes_of
from wholerecord.fhir.problem import problem
from wholerecord.fhir.query import only
from wholerecord.fhir.read import unknown
from wholerecord.fhir.request import Api
from wholerecord.fhir.served import moment_said, served
from wholerecord.intake.fhir.about import NOT_ABOUT_A_PATIENT
from wholerecord.intake.fhir.shape import is_array, is_object
from wholerecord.record import LogicalId, read_json

_KNOWN = frozenset({"persist", "graph", "_format", "_pretty"})
_PART = "$document"
#: Resources of one document, and how many references deep they are looked for.
_MOST, _DEEP = 2_000, 5
_Address = tuple[str, str]


async def document(api: Api, request: Request) -> Response:
    """200 with the document; 400 where it is to be kept (`persist`), 404, 410."""
    door, purpose = await api.open_for(request)
    only(request.query_params, _KNOWN)
    if request.query_params.get("persist", "false") != "false" or "graph" in request.query_params:
        raise problem(400, "not-supported", "A document is made and not kept.", "persist")
    logical = id_of(request)
    shown = await door.said("Composition", logical, purpose=purpose) if logical else None
    if shown is None:
        raise unknown()
    if shown.version.gone:
        raise gone(shown.version)
    if not _is_let_in(door, shown):
        raise NotLetIn
    base = base_of(request)
    parts = await _referred(door, purpose, shown)
    bundle = {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{uuid4()}"},
        "type": "document",
        "timestamp": moment_said(datetime.now(UTC)),
        "entry": [_entry(one, base) for one in (shown, *parts)],
    }
    return json_answer(request, msgspec.json.encode(bundle))


async def _referred(door: Door, purpose: Purpose, first: Shown) -> list[Shown]:
    """All that a composition refers to, and what that does, as far as it may be seen."""
    person = first.version.person
    every = await door.all_said(person, purpose=purpose, part=_PART) if person else ()
    said = () if isinstance(every, Refused) else every
    known = {_address(one): one for one in said if not one.version.gone and _is_let_in(door, one)}
    found: dict[_Address, Shown] = {_address(first): first}
    fresh = [first]
    for _ in range(_DEEP):
        wanted = {at for one in fresh for at in _references(read_json(served(one)))} - found.keys()
        shared = [
            (kind, logical)
            for kind, own in sorted(wanted)
            if kind in NOT_ABOUT_A_PATIENT and (logical := LogicalId.parse(own))
        ]
        beside = await door.shared_said(shared, purpose=purpose) if shared else ()
        fresh = [known[at] for at in sorted(wanted) if at in known]
        fresh += [one for one in beside if _is_let_in(door, one)]
        fresh = fresh[: _MOST - len(found)]
        found |= {_address(one): one for one in fresh}
        if not fresh:
            break
    return list(found.values())[1:]


def _is_let_in(door: Door, shown: Shown) -> bool:
    scopes = scopes_of(door.actor.limits)
    kind = shown.version.statement.kind
    return scopes is None or is_read(scopes, kind, read_json(served(shown)))


def _address(shown: Shown) -> _Address:
    return shown.version.statement.kind, shown.version.id.text


def _references(value: Any) -> Iterable[_Address]:
    """Every `Type/id` that is said in a resource."""
    level = [value]
    while level:
        one = level.pop()
        if is_array(one):
            level += one
        elif is_object(one):
            said = one.get("reference")
            kind, slash, own = said.partition("/") if isinstance(said, str) else ("", "", "")
            if slash and "/" not in own:
                yield kind, own
            level += one.values()


def _entry(shown: Shown, base: str) -> dict[str, Any]:
    return {
        "fullUrl": f"{base}/{'/'.join(_address(shown))}",
        "resource": msgspec.Raw(served(shown)),
    }
