"""Subscription: create, read, search, update, delete; and the topics there are.

A subscription is the asker's own: to everybody else there is nothing at its address.
"""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Door
from wholerecord.access.subscriptions import Subscription
from wholerecord.errors import NotFound
from wholerecord.fhir.answers import json_answer
from wholerecord.fhir.given import base_of, body_of, resource_of
from wholerecord.fhir.granting import NotLetIn
from wholerecord.fhir.outcome import answer
from wholerecord.fhir.problem import problem
from wholerecord.fhir.query import only
from wholerecord.fhir.read import unknown
from wholerecord.fhir.request import Api
from wholerecord.fhir.subscriptions.topics import topics
from wholerecord.fhir.subscriptions.written import resource_of as written_of
from wholerecord.fhir.subscriptions.written import wish_of
from wholerecord.fhir.validation import must_be_valid
from wholerecord.record import canonical

_KIND = "Subscription"
_PARAMETERS = frozenset({"_format", "_pretty"})


async def create(api: Api, request: Request) -> Response:
    """201 with Location: its handshake follows; 422 for one that is not kept, 429 for too many."""
    door, purpose = await api.open_for(request)
    own_name(door)
    written = resource_of(await body_of(request), _KIND)
    must_be_valid(_KIND, written)
    wish, until = wish_of(written, door.actor, purpose, base_of(request), api.may_go_to)
    made = await door.subscribe(wish, until=until)
    if made is None:
        raise problem(429, "throttled", "There are subscriptions enough: DELETE one first.")
    response = json_answer(request, canonical(written_of(made)), 201)
    response.headers["Location"] = f"{base_of(request)}/{_KIND}/{made.id}"
    return response


async def update(api: Api, request: Request) -> Response:
    """200: asked for anew, with its numbers going on; with status `off`, switched off. 404."""
    door, purpose = await api.open_for(request)
    own_name(door)
    one = await mine(door, request)
    written = resource_of(await body_of(request), _KIND)
    must_be_valid(_KIND, written)
    if written.get("id") != one.id:
        raise problem(400, "invalid", "The id in the body is not the one in the address.", "id")
    if written.get("status") == "off":
        await door.unsubscribe(one.id, forget=False)
        return json_answer(request, canonical(written_of(await mine(door, request))))
    wish, until = wish_of(written, door.actor, purpose, base_of(request), api.may_go_to)
    again = await door.rewish(one.id, wish, until=until)
    if again is None:
        raise unknown()
    return json_answer(request, canonical(written_of(again)))


async def read(api: Api, request: Request) -> Response:
    """200 with the Subscription as it stands; 404."""
    door, _ = await api.open_for(request)
    return json_answer(request, canonical(written_of(await mine(door, request))))


async def listed(api: Api, request: Request) -> Response:
    """200 with a searchset of the asker's own; by nothing."""
    door, _ = await api.open_for(request)
    only(request.query_params, _PARAMETERS)
    found = await door.subscriptions()
    return _searchset(request, [written_of(one) for one in found])


async def delete(api: Api, request: Request) -> Response:
    """204: nothing is told any more, and its events are forgotten; 404."""
    door, _ = await api.open_for(request)
    one = await mine(door, request)
    await door.unsubscribe(one.id, forget=True)
    return Response(status_code=204)


async def topics_listed(api: Api, request: Request) -> Response:
    """200 with a searchset of every topic: whoever is signed in may know what there is."""
    await api.open_for(request)
    only(request.query_params, _PARAMETERS)
    return _searchset(request, [dict(one.written) for one in topics().values()])


async def topic_read(api: Api, request: Request) -> Response:
    """200 with the topic; 404."""
    await api.open_for(request)
    wanted: str = request.path_params["id"]
    for one in topics().values():
        if one.id == wanted:
            return answer(dict(one.written))
    raise NotFound


async def mine(door: Door, request: Request) -> Subscription:
    """The asker's own subscription of the address.

    Raises:
        Problem: 404, there is none.
    """
    found = await door.subscription(request.path_params["id"])
    if found is None:
        raise unknown()
    return found


def own_name(door: Door) -> None:
    """Go on only for who asks by a name of their own.

    Raises:
        NotLetIn: an app asks in somebody's name: what it is told would outlive what they let it.
    """
    limits = door.actor.limits
    if limits is not None and not door.actor.id.startswith("app:"):
        raise NotLetIn


def _searchset(request: Request, resources: Sequence[dict[str, Any]]) -> Response:
    base = base_of(request)
    entries = [
        {
            "fullUrl": f"{base}/{one['resourceType']}/{one['id']}",
            "resource": one,
            "search": {"mode": "match"},
        }
        for one in resources
    ]
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(entries),
        "link": [{"relation": "self", "url": str(request.url)}],
    }
    if entries:
        bundle["entry"] = entries
    return json_answer(request, canonical(bundle))
