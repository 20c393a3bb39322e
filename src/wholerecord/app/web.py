"""The web application: the one place that joins the parts into pages, API and intake."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from wholerecord import __version__, fhir, portal
from wholerecord.access import Actor, Doorway
from wholerecord.app.intake import intake
from wholerecord.errors import WholerecordError
from wholerecord.intake import Arrival, Receipt
from wholerecord.portal import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """What the web application is made of.

    `keep` keeps an arrival; `pledge` says whether a key stands for some bytes; `admits` whether a
    source may post with a token; `site` says who may sign in.
    """

    way: Doorway
    site: Site
    keep: Callable[[Arrival], Awaitable[Receipt]]
    pledge: Callable[[str, str, bytes], Awaitable[bool]]
    admits: Callable[[str, str], bool]


def application(web: Web) -> Starlette:
    """The ASGI application: the portal at `/`, FHIR at `/fhir` and `/record/fhir`, intake."""
    cursors = fhir.Cursors(web.site.seal.secret)
    api = fhir.Api(door=web.way.door, who_asks=_who_asks(web.site), cursors=cursors)
    return Starlette(
        routes=[
            Route("/ready", _ready(web.way)),
            Route("/intake/{source}", intake(web), methods=["POST"]),
            Mount("/record/fhir", routes=fhir.record_routes(api, __version__)),
            Route("/fhir", fhir.base(api), methods=["POST"]),
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
