"""An interaction's errors, told as OperationOutcomes: the one place they are caught.

And the one place where an answer becomes what is accepted: JSON, indented or not, or XML.
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.errors import WholerecordError
from wholerecord.fhir.formats import in_xml, indented, wants_xml
from wholerecord.fhir.granting import only_granted
from wholerecord.fhir.outcome import failure
from wholerecord.fhir.problem import Problem
from wholerecord.smart import Scopes

Interaction = Callable[[Request], Awaitable[Response]]


def told(interaction: Interaction) -> Interaction:
    """The interaction, with its errors told as OperationOutcomes, and nothing not granted."""

    async def telling(request: Request) -> Response:
        xml = False
        try:
            xml = wants_xml(request)
            response = await interaction(request)
            scopes: Scopes | None = getattr(request.state, "scopes", None)
            answered = response if scopes is None else only_granted(response, scopes, request)
        except (Problem, WholerecordError) as error:
            answered = failure(error)
        if xml:
            return in_xml(answered)
        return indented(answered) if _is_for_people(request) else answered

    return telling


def _is_for_people(request: Request) -> bool:
    said: bytes = request.scope["query_string"]
    return b"_pretty" in said and request.query_params.get("_pretty") == "true"
