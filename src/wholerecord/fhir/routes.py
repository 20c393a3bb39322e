"""Where each interaction with what sources said is found. All but `metadata` asks who asks."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wholerecord.fhir.metadata import capability
from wholerecord.fhir.outcome import answer
from wholerecord.fhir.request import Api
from wholerecord.fhir.terminology import routes as terminology
from wholerecord.fhir.told import told


def routes(api: Api, version: str) -> list[Route]:
    """The API's routes, below `/fhir`."""

    async def metadata(_: Request) -> Response:
        return answer(capability(version, datetime.now(UTC).date().isoformat()))

    return [
        Route("/metadata", told(metadata)),
        *(Route(path, told(asks), methods=["GET", "POST"]) for path, asks in terminology(api)),
    ]
