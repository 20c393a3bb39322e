"""A search as it came over HTTP: GET with a query, or POST to `_search` with a form. One value.

Source: FHIR R4, RESTful API, "search"; the `Prefer` header's `handling`.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from wholerecord.errors import Incorrect
from wholerecord.fhir.prefer import preferences
from wholerecord.fhir.search.read import MOST_LETTERS, MOST_PARAMETERS

_FORM = "application/x-www-form-urlencoded"
#: Every letter of a query may take three bytes of each of four when it is escaped.
_BODY = MOST_LETTERS * 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """The parameters in the order they were given, and whether an unknown one is an error.

    It is, unless lenient handling is preferred: a filter left out unasked finds too much.
    """

    pairs: tuple[tuple[str, str], ...]
    strict: bool


async def query_of(request: Request) -> Query:
    """The query of a request; of a POST, what its address says and then its form.

    Raises:
        Incorrect: the form is none, or has more than a search may have.
    """
    known: Query | None = getattr(request.state, "query", None)
    if known is not None:  # a form is read once
        return known
    pairs = [*request.query_params.multi_items()]
    if request.method == "POST":
        pairs += await _form(request)
    request.state.query = Query(
        pairs=tuple(pairs), strict=preferences(request).get("handling", "").lower() != "lenient"
    )
    return request.state.query


async def _form(request: Request) -> list[tuple[str, str]]:
    if request.headers.get("content-type", _FORM).partition(";")[0].strip().lower() != _FORM:
        raise Incorrect(f"Send the search as {_FORM}.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY:
            raise Incorrect(f"A search has at most {MOST_LETTERS} letters.")
    try:
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError:  # not ASCII, not UTF-8 when unescaped, or too many of them
        raise Incorrect(f"The form cannot be read as {_FORM}.") from None
