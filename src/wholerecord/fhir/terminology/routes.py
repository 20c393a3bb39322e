"""Where each operation is found, by GET and by POST."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.fhir.outcome import answer
from wholerecord.fhir.request import Api
from wholerecord.fhir.terminology.asked import Asked, asked
from wholerecord.fhir.terminology.expand import PARAMETERS as EXPAND
from wholerecord.fhir.terminology.expand import expand
from wholerecord.fhir.terminology.lookup import PARAMETERS as LOOKUP
from wholerecord.fhir.terminology.lookup import lookup
from wholerecord.fhir.terminology.subsumes import PARAMETERS as SUBSUMES
from wholerecord.fhir.terminology.subsumes import subsumes
from wholerecord.fhir.terminology.translate import PARAMETERS as TRANSLATE
from wholerecord.fhir.terminology.translate import translate
from wholerecord.fhir.terminology.validate import (
    IN_SET,
    IN_SYSTEM,
    validate_in_set,
    validate_in_system,
)

#: Type and operation → what it takes, and what answers it.
OPERATIONS: Mapping[tuple[str, str], tuple[frozenset[str], Callable[[Asked], dict[str, Any]]]] = {
    ("CodeSystem", "lookup"): (LOOKUP, lookup),
    ("CodeSystem", "validate-code"): (IN_SYSTEM, validate_in_system),
    ("CodeSystem", "subsumes"): (SUBSUMES, subsumes),
    ("ValueSet", "expand"): (EXPAND, expand),
    ("ValueSet", "validate-code"): (IN_SET, validate_in_set),
    ("ConceptMap", "translate"): (TRANSLATE, translate),
}


def routes(api: Api) -> list[tuple[str, Callable[[Request], Awaitable[Response]]]]:
    """Each operation's path below `/fhir`, and what answers there."""
    return [
        (f"/{kind}/${name}", _operation(api, known, answers))
        for (kind, name), (known, answers) in OPERATIONS.items()
    ]


def _operation(
    api: Api, known: frozenset[str], answers: Callable[[Asked], dict[str, Any]]
) -> Callable[[Request], Awaitable[Response]]:
    async def operation(request: Request) -> Response:
        await api.open_for(request)  # only who is signed in; nothing here is about a person
        ask = await asked(request, known)
        # In a thread: an expansion can walk over a whole release.
        return answer(await asyncio.to_thread(answers, ask))

    return operation
