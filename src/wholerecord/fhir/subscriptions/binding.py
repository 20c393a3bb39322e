"""`$get-ws-binding-token`: a token with which a websocket is bound to one's subscriptions.

Source: Subscriptions R5 Backport IG 1.1.0, operation `backport-subscription-get-ws-binding-token`.
The token holds, sealed, by what its asker was let in; so whoever is told by it is asked for again,
and it is worth nothing as soon as that is.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Actor, Door
from wholerecord.access.subscriptions import ChannelType, Standing, Subscription, asker_of
from wholerecord.fhir.answers import json_answer
from wholerecord.fhir.given import base_of, body_of, resource_of
from wholerecord.fhir.problem import problem
from wholerecord.fhir.query import only
from wholerecord.fhir.read import unknown
from wholerecord.fhir.request import Api
from wholerecord.fhir.served import moment_said
from wholerecord.intake.fhir.shape import objects, text
from wholerecord.record import canonical
from wholerecord.signin.sealed import Sealed

#: Where websockets are, below the base.
PATH = "/websocket"
#: How long a token binds, and a socket bound with it lasts.
LASTS = timedelta(hours=1)
#: Subscriptions of one token; letters of what its asker was let in by, and of a token.
_MOST, _BROUGHT, LONGEST = 20, 4_000, 8_000
_HEADERS = ("authorization", "cookie")


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """What a token stands for: these subscriptions of that asker, and what let the asker in."""

    asker: str
    subscriptions: tuple[str, ...]
    until: datetime
    brought: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return "Binding(…)"


def bindings(api: Api) -> Sealed[Binding]:
    """Makes and reads tokens with the application's secret."""
    return Sealed(api.cursors.secret, "websocket", Binding)


async def asker(api: Api, binding: Binding) -> Actor | None:
    """Who asked for the token, if they would be let in now as they were then."""
    headers = [(name.encode(), value.encode("latin-1")) for name, value in binding.brought]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers}
    actor = await api.who_asks(Request(scope))
    return actor if actor is not None and asker_of(actor) == binding.asker else None


async def token(api: Api, request: Request) -> Response:
    """200 with Parameters: token, expiration, subscription and websocket-url; 400, 404, 422."""
    door, _ = await api.open_for(request)
    chosen = await _chosen(door, request)
    until = min(datetime.now(UTC) + LASTS, *(one.until for one in chosen))
    brought = tuple((name, request.headers[name]) for name in _HEADERS if name in request.headers)
    if sum(len(value) for _, value in brought) > _BROUGHT:
        raise problem(400, "too-long", "Ask with fewer cookies: a token would be too long.")
    binding = Binding(
        asker=asker_of(door.actor),
        subscriptions=tuple(one.id for one in chosen),
        until=until,
        brought=brought,
    )
    http, _, rest = base_of(request).partition("://")
    url = f"{'wss' if http == 'https' else 'ws'}://{rest}{PATH}"
    parameters = [
        {"name": "token", "valueString": bindings(api).write(binding)},
        {"name": "expiration", "valueDateTime": moment_said(until)},
        *({"name": "subscription", "valueString": one.id} for one in chosen),
        {"name": "websocket-url", "valueUrl": url},
    ]
    return json_answer(request, canonical({"resourceType": "Parameters", "parameter": parameters}))


async def _chosen(door: Door, request: Request) -> Sequence[Subscription]:
    """The subscriptions that are asked about: the one of the address, those named, or all."""
    if "id" in request.path_params:
        names = [str(request.path_params["id"])]
    else:
        names = await _named(request)
    mine = {one.id: one for one in await door.subscriptions()}
    if not names:
        names = [one.id for one in mine.values() if _is_told_so(one)][:_MOST]
    if len(names) > _MOST:
        raise problem(400, "too-costly", f"At most {_MOST} subscriptions of one token.", "id")
    if not names or any(name not in mine for name in names):
        raise unknown()
    chosen = [mine[name] for name in dict.fromkeys(names)]
    if not all(map(_is_told_so, chosen)):
        raise problem(422, "business-rule", "It is not told by websocket, or it has ended.", "id")
    return chosen


async def _named(request: Request) -> list[str]:
    """The ids in the query, or in Parameters that are the body."""
    only(request.query_params, frozenset({"id", "_format", "_pretty"}))
    names = request.query_params.getlist("id")
    body = await body_of(request, most=1 << 16) if request.method == "POST" else b""
    if body:
        sent = resource_of(body, "Parameters")
        parts = [one for one in objects(sent.get("parameter")) if one.get("name") == "id"]
        names += [text(one.get("valueId", one.get("valueString"))) for one in parts]
    return names


def _is_told_so(one: Subscription) -> bool:
    now = datetime.now(UTC)
    return (
        one.wish.channel is ChannelType.WEBSOCKET
        and one.standing is not Standing.OFF
        and one.until > now
    )
