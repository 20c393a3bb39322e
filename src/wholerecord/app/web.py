"""The web application: the one place that joins the parts into pages, API and intake."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from wholerecord import __version__, fhir, portal
from wholerecord.access import Doorstep, Doorway
from wholerecord.app import pack
from wholerecord.app.asking import who_asks
from wholerecord.app.beside import Beside
from wholerecord.app.compressed import Compressed
from wholerecord.app.gate import Gate, Gatebook
from wholerecord.app.gateway import Gateway, prompting
from wholerecord.app.imported import Kept
from wholerecord.app.importing import import_routes
from wholerecord.app.imports import Imports
from wholerecord.app.intake import intake
from wholerecord.app.receivers import NO_RECEIVERS, Receivers
from wholerecord.app.sender import Sender
from wholerecord.app.turned_away import TurnedAway
from wholerecord.errors import WholerecordError
from wholerecord.intake import Arrival, Receipt
from wholerecord.portal import Site
from wholerecord.smart import configuration_route, security, token_routes


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """What the web application is made of.

    `keep` keeps an arrival; `pledge` says whether a key stands for some bytes; `admits` whether a
    source may post with a token; `site` says who may sign in; `exports` is the
    folder of what is exported, `imports` of imports under way (None: they end with the process),
    `receivers` who may be notified,
    `definitions` the profiles that were loaded, `live` what is told by websocket,
    `gateway` what prompts go through, if any.
    """

    way: Doorway
    site: Site
    keep: Callable[[Arrival], Awaitable[Receipt]]
    pledge: Callable[[str, str, bytes], Awaitable[bool]]
    admits: Callable[[str, str], bool]
    exports: Path
    imports: Path | None = None
    receivers: Receivers = NO_RECEIVERS
    definitions: fhir.Definitions | None = None
    live: fhir.Live | None = None
    gateway: Gateway | None = None


def application(web: Web) -> Starlette:
    """The ASGI application: the portal at `/`, FHIR at `/fhir` and `/record/fhir`, intake.

    Around all of it stands the gate; its book is `state.left`, and `state.away` counts the tokens
    that were refused.
    """
    book, away = Gatebook(web.way.store), TurnedAway(Doorstep(web.way))
    imports = Imports(web.keep, web.way.store, Sender(receivers=web.receivers), Kept(web.imports))
    app = Starlette(
        routes=[
            *_fhir_routes(web, book),  # first, for routes are tried in their order
            Route("/ready", _ready(web.way)),
            Route("/intake/{source}", intake(web), methods=["POST"]),
            *import_routes(imports, web.admits),
            Route(
                "/ai/prompt",
                prompting(web.way, web.gateway, who_asks(web.site)),
                methods=["POST"],
            ),
            *portal.consent_routes(web.site),
            _open_to_browsers("/auth", token_routes(web.site.authority, web.site.base)),
            *pack.routes(web.site),
            *portal.routes(web.site),
        ],
        exception_handlers={404: fhir.nowhere, 405: fhir.nowhere},
        middleware=[
            Middleware(Gate, book=book, away=away),
            Middleware(Compressed),
        ],
        lifespan=_begun(imports, book, away),
    )
    app.state.left, app.state.away = book, away
    return app


def _fhir_routes(web: Web, book: Gatebook) -> list[BaseRoute]:
    """Both bases: the one record, and what sources said."""
    base = web.site.base
    api = fhir.Api(
        door=web.way.door,
        who_asks=who_asks(web.site),
        cursors=fhir.Cursors(web.site.seal.secret),
        exports=fhir.Exports(web.exports, book.out),
        may_go_to=web.receivers.may_go_to,
        live=web.live,
        profiles=fhir.Profiles(web.definitions),
        security=(lambda request: security(base(request))) if web.site.authority else None,
    )
    found = [configuration_route(base)] if web.site.authority else []
    record = [*found, *fhir.record_routes(api, __version__)]
    said = [*fhir.sockets(api), *found, *fhir.routes(api, __version__)]
    return [
        Route("/fhir", fhir.base(api, __version__), methods=["POST"]),
        _open_to_browsers("/fhir", fhir.whole(said, "What sources said", __version__)),
        _open_to_browsers("/record/fhir", fhir.whole(record, "The one record", __version__)),
    ]


def _open_to_browsers(path: str, routes: Sequence[BaseRoute]) -> Mount:
    """Routes that pages of other sites may ask, with a token."""
    return Mount(path, routes=routes, middleware=[Middleware(Beside)])


def _begun(
    imports: Imports, book: Gatebook, away: TurnedAway
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """What goes on when the application is started anew; it ends with its book written."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        imports.go_on()
        yield
        await book.close()
        await away.close()

    return lifespan


def _ready(way: Doorway) -> Callable[[Request], Awaitable[Response]]:
    """200 when the store answers, 503 when it does not; says nothing else."""

    async def ready(_: Request) -> Response:
        try:
            await way.store.sources()
        except (WholerecordError, OSError):
            return JSONResponse({"ready": False}, 503)
        return JSONResponse({"ready": True})

    return ready
