"""The web application: the one place that joins the parts into pages, API and intake."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from wholerecord import __version__, fhir, portal
from wholerecord.access import Actor, Doorway
from wholerecord.errors import Category, NotFound, WholerecordError
from wholerecord.intake import Arrival, Receipt
from wholerecord.intake.cut import cut
from wholerecord.portal import Site

#: The largest body taken by HTTP, bytes. Larger inputs go by the command line, which streams.
_LARGEST_POST = 64 * 1024 * 1024
#: Seconds a sender may take over one body: a slow one must not hold memory for ever.
_LONGEST_POST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """What the web application is made of.

    `keep` keeps an arrival and rings for it to be filed; `intake_token` is what a source must
    bring; `site` says who may sign in.
    """

    way: Doorway
    site: Site
    keep: Callable[[Arrival], Awaitable[Receipt]]
    intake_token: str


def application(web: Web) -> Starlette:
    """The ASGI application: the portal at `/`, FHIR at `/fhir`, intake at `/intake`."""
    api = fhir.Api(door=web.way.door, who_asks=_who_asks(web.site))
    return Starlette(
        routes=[
            Route("/ready", _ready(web.way)),
            Route("/intake/{source}", _intake(web), methods=["POST"]),
            Mount("/fhir", routes=fhir.routes(api, __version__)),
            *portal.routes(web.site),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)],
    )


def _who_asks(site: Site) -> Callable[[Request], Awaitable[Actor | None]]:
    """A session, as the portal's cookie or as a bearer token."""

    async def who_asks(request: Request) -> Actor | None:
        known = await portal.whose(site, request)
        return known[1].actor if known else None

    return who_asks


def _ready(way: Doorway) -> Callable[[Request], Awaitable[Response]]:
    """200 when the store answers, 503 when it does not; says nothing else."""

    async def ready(_: Request) -> Response:
        try:
            await way.store.sources()
        except (WholerecordError, OSError):
            return JSONResponse({"ready": False}, 503)
        return JSONResponse({"ready": True})

    return ready


def _intake(web: Web) -> Callable[[Request], Awaitable[Response]]:
    """`POST /intake/{source}`: 202 once everything in the body is durable."""

    async def intake(request: Request) -> Response:
        brought = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(brought.encode(), web.intake_token.encode()):
            return _told(401, "Bring the intake token of this installation as a bearer token.")
        source: str = request.path_params["source"]
        try:
            body = await _body(request)
        except (ClientDisconnect, TimeoutError):
            return _told(
                408, "The body did not come through: nothing of it is kept. Send it again."
            )
        if body is None:
            return _told(413, "Larger than 64 MiB: use `wholerecord ingest`, which streams.")
        try:
            receipts = [await web.keep(arrival) for arrival in cut(source, "post", body)]
        except NotFound as error:
            return _told(404, str(error))
        except WholerecordError as error:
            return _told(503 if error.category is Category.UNAVAILABLE else 500, str(error))
        return JSONResponse(
            {"kept": [{"message": one.message, "fresh": one.fresh} for one in receipts]}, 202
        )

    return intake


async def _body(request: Request) -> bytes | None:
    """The request's whole body, or None when it is larger than is taken.

    Raises:
        ClientDisconnect: the sender went away.
        TimeoutError: it took longer than a sender may.
    """
    body = bytearray()
    async with asyncio.timeout(_LONGEST_POST):
        async for piece in request.stream():
            body += piece
            if len(body) > _LARGEST_POST:
                return None
    return bytes(body)


def _told(status: int, says: str) -> Response:
    return Response(json.dumps({"error": says}), status, media_type="application/json")
