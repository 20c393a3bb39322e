"""Where each interaction with what sources said is found. All but `metadata` asks who asks."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from wholerecord.fhir.bulk.interactions import cancel, fetch, group, kick_off, status
from wholerecord.fhir.bundle import bundle
from wholerecord.fhir.decoded import Decoded
from wholerecord.fhir.document import document
from wholerecord.fhir.everything import everything
from wholerecord.fhir.history import history, history_of_all, history_of_type
from wholerecord.fhir.inner import Inner
from wholerecord.fhir.lastn import lastn
from wholerecord.fhir.messaging.process import process
from wholerecord.fhir.meta import meta
from wholerecord.fhir.metadata import capability
from wholerecord.fhir.outcome import answer
from wholerecord.fhir.patch import patch
from wholerecord.fhir.read import read, vread
from wholerecord.fhir.request import Api
from wholerecord.fhir.said_search import search_said
from wholerecord.fhir.subscriptions import addresses as subscriptions
from wholerecord.fhir.subscriptions.binding import PATH
from wholerecord.fhir.subscriptions.socket import socket
from wholerecord.fhir.terminology import routes as terminology
from wholerecord.fhir.told import Interaction, told
from wholerecord.fhir.typed import METHODS, Typed, nothing_else
from wholerecord.fhir.validate import validate, validate_held
from wholerecord.fhir.write import create, delete, update


def base(api: Api, version: str) -> Interaction:
    """What answers at `/fhir` itself, without a slash: a batch or a transaction."""
    inner = Inner()
    inner.learn(routes(api, version))
    return told(partial(bundle, api, inner))


def sockets(api: Api) -> list[BaseRoute]:
    """Where subscribers are told by websocket, below `/fhir`."""
    return [WebSocketRoute(PATH, partial(socket, api))]


def routes(api: Api, version: str) -> list[Route]:
    """The API's routes, below `/fhir`."""

    async def metadata(request: Request) -> Response:
        statement = capability(version, datetime.now(UTC).date().isoformat())
        return answer(api.secured(statement, request))

    def of(interaction: Callable[[Api, Request], Awaitable[Response]]) -> Interaction:
        return told(partial(interaction, api))

    decoded = Decoded()
    searched = told(partial(search_said, api, decoded))

    inner = Inner()
    found: list[Route] = [
        # Most requests are for these, so they come first.
        Typed("/{type}/{id}", of(read), methods=["GET"]),
        Typed("/{type}", searched, methods=["GET"]),
        Typed("/{type}", of(create), methods=["POST"]),
        Typed("/{type}/{id}", of(update), methods=["PUT"]),
        Typed("/{type}/{id}", of(delete), methods=["DELETE"]),
        Typed("/{type}/{id}", of(patch), methods=["PATCH"]),
        Typed("/{type}", of(update), methods=["PUT"]),
        Typed("/{type}", of(delete), methods=["DELETE"]),
        Typed("/{type}", of(patch), methods=["PATCH"]),
        *(Route(path, of(asks), methods=[method]) for method, path, asks in subscriptions.ROUTES),
        Route("/metadata", told(metadata)),
        *(Route(path, told(asks), methods=["GET", "POST"]) for path, asks in terminology(api)),
        Route("/", told(partial(bundle, api, inner)), methods=["POST"]),
        Route("/$process-message", of(process), methods=["POST"]),
        Route("/Composition/{id}/$document", of(document)),
        Route("/$export", of(kick_off)),
        Route("/$export/{export}", of(status)),
        Route("/$export/{export}", of(cancel), methods=["DELETE"]),
        Route("/$export/{export}/{file}", of(fetch)),
        Route("/Patient/$export", of(kick_off)),
        Route("/Group/{id}/$export", of(group)),
        Route("/Patient/{id}/$everything", of(everything)),
        Route("/Observation/$lastn", of(lastn)),
        Route("/{type}/{id}/$meta", of(meta)),
        Route("/_history", of(history_of_all)),
        Route("/{type}/_history", of(history_of_type)),
        Route("/{type}/_search", searched, methods=["POST"]),
        Route("/{type}/$validate", of(validate), methods=["POST"]),
        Route("/{type}/{id}/$validate", of(validate_held)),
        Route("/{type}/{id}/$validate", of(validate), methods=["POST"]),
        Route("/{type}/{id}/_history", of(history)),
        Route("/{type}/{id}/_history/{version}", of(vread)),
        Route("/Patient/{id}/{type}", searched),
        Route("/Patient/{id}/{type}/_search", searched, methods=["POST"]),
    ]
    inner.learn(found)
    found.append(Route("/{rest:path}", nothing_else(tuple(found)), methods=METHODS))
    return found
