"""`GET /fhir/{type}/{id}` and `…/_history/{version}`: read and vread.

Source: FHIR R4, RESTful API.
"""

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.fhir.answers import gone, resource_answer
from wholerecord.fhir.given import id_of, kind_of
from wholerecord.fhir.problem import Problem, problem
from wholerecord.fhir.request import Api


def unknown() -> Problem:
    """404: nobody has that id, or nobody who asks may know."""
    return problem(404, "not-found", "There is nothing with that id here for you.")


async def read(api: Api, request: Request) -> Response:
    """200 with the newest version, 304, 404, or 410 where it was deleted."""
    door, purpose = await api.open_for(request)
    kind, logical = kind_of(request), id_of(request)
    shown = await door.said(kind, logical, purpose=purpose) if logical else None
    if shown is None:
        raise unknown()
    if shown.version.gone:
        raise gone(shown.version)
    return resource_answer(request, shown.version, unplaced=shown.unplaced)


async def vread(api: Api, request: Request) -> Response:
    """200 with that version, 404, or 410 where that version is the deletion."""
    door, purpose = await api.open_for(request)
    kind, logical = kind_of(request), id_of(request)
    wanted: str = request.path_params["version"]
    every = await door.history(kind, logical, purpose=purpose) if logical else ()
    for shown in every:
        if str(shown.version.number) == wanted:
            if shown.version.gone:
                raise gone(shown.version)
            return resource_answer(request, shown.version, unplaced=shown.unplaced)
    raise unknown()
