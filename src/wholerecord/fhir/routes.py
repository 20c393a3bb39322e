"""Where each interaction is found. Everything but `metadata` goes through the door."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wholerecord.errors import NotFound, WholerecordError
from wholerecord.fhir.entries import TYPES
from wholerecord.fhir.everything import everything
from wholerecord.fhir.metadata import capability
from wholerecord.fhir.outcome import answer, failure
from wholerecord.fhir.read import read_patient
from wholerecord.fhir.request import Api
from wholerecord.fhir.search import search_by_patient, search_patient
from wholerecord.fhir.terminology import routes as terminology
from wholerecord.record import PersonId

_SERVED = frozenset(TYPES.values())


def routes(api: Api, version: str) -> list[Route]:
    """The API's routes, below `/fhir`."""

    async def metadata(_: Request) -> Response:
        return answer(capability(version, datetime.now(UTC).date().isoformat()))

    async def read(request: Request) -> Response:
        door, purpose = await api.open_for(request)
        return await read_patient(door, purpose, PersonId(request.path_params["id"]))

    async def whole(request: Request) -> Response:
        door, purpose = await api.open_for(request)
        return await everything(door, purpose, PersonId(request.path_params["id"]))

    async def search(request: Request) -> Response:
        door, purpose = await api.open_for(request)
        served: str = request.path_params["type"]
        if served == "Patient":
            return await search_patient(door, purpose, request.query_params)
        if served not in _SERVED:
            raise NotFound(f"The type {served[:40]!r} is not served.")
        return await search_by_patient(door, purpose, served, request.query_params)

    return [
        Route("/metadata", _told(metadata)),
        Route("/Patient/{id}", _told(read)),
        Route("/Patient/{id}/$everything", _told(whole)),
        *(Route(path, _told(asks), methods=["GET", "POST"]) for path, asks in terminology(api)),
        Route("/{type}", _told(search)),
    ]


def _told(
    interaction: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """The interaction, with its errors told as OperationOutcomes."""

    async def told(request: Request) -> Response:
        try:
            return await interaction(request)
        except WholerecordError as error:
            return failure(error)

    return told
