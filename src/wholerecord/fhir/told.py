"""An interaction's errors, told as OperationOutcomes: the one place they are caught."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.errors import WholerecordError
from wholerecord.fhir.granting import only_granted
from wholerecord.fhir.outcome import failure
from wholerecord.fhir.problem import Problem
from wholerecord.smart import Scopes

Interaction = Callable[[Request], Awaitable[Response]]


def told(interaction: Interaction) -> Interaction:
    """The interaction, with its errors told as OperationOutcomes, and nothing not granted."""

    async def telling(request: Request) -> Response:
        try:
            response = await interaction(request)
            scopes: Scopes | None = getattr(request.state, "scopes", None)
            return response if scopes is None else only_granted(response, scopes, request)
        except (Problem, WholerecordError) as error:
            return failure(error)

    return telling
