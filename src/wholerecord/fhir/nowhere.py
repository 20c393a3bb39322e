"""What is answered where nothing is: below FHIR an OperationOutcome, as everywhere there.

404 for an address that is none, 405 with `Allow` for one that is asked in another way.
"""

from collections.abc import Sequence
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from wholerecord.fhir.formats import in_xml, wants_xml
from wholerecord.fhir.openapi import served
from wholerecord.fhir.outcome import failure
from wholerecord.fhir.problem import Problem, problem


def whole(routes: Sequence[BaseRoute], title: str, version: str) -> list[BaseRoute]:
    """The routes with their description."""
    return [served(routes, title, version), *routes]


async def nowhere(request: Request, error: Exception) -> Response:
    """404 or 405; of what is not FHIR's, in plain words."""
    status, headers = 404, None
    if isinstance(error, HTTPException):
        status, headers = error.status_code, error.headers
    if "fhir" not in request.url.path.split("/")[1:3]:
        return PlainTextResponse("Not Found" if status == 404 else "Not so", status, headers)
    if status == 405:
        wrong = problem(405, "not-supported", "This address is not asked in that way.")
    else:
        wrong = problem(404, "not-found", "There is nothing at that address.")
    response = failure(wrong)
    response.headers.update(headers or {})
    with suppress(Problem):  # what is accepted is neither: JSON then, as everywhere
        response = in_xml(response) if wants_xml(request) else response
    return response
