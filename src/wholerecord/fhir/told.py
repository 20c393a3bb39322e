"""An interaction's errors, told as OperationOutcomes: the one place they are caught."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.errors import WholerecordError
from wholerecord.fhir.outcome import failure
from wholerecord.fhir.problem import Problem

Interaction = Callable[[Request], Awaitable[Response]]


def told(interaction: Interaction) -> Interaction:
    """The interaction, with its errors told as OperationOutcomes."""

    async def telling(request: Request) -> Response:
        try:
            return await interaction(request)
        except (Problem, WholerecordError) as error:
            return failure(error)

    return telling
