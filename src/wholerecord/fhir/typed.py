"""Routes of a type and an id, tried before any other: most requests are for one of these.

A type begins with a capital and an id with neither `$` nor `_`, so that an operation's address is
none of theirs, and whatever fits one of these is found at the first look. Subscriptions and their
topics, which are no statements, have routes of their own.
"""

import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route, compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from wholerecord.fhir.problem import problem
from wholerecord.fhir.told import Interaction, told

_TYPE = r"(?P<type>(?!Subscription(?:Topic)?(?:/|$))[A-Z][^/]*)"
_ID = r"(?P<id>[^/$_][^/]*)"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Typed(Route):
    """A route whose `{type}` and `{id}` are a type's name and an id, and no operation's."""

    def __init__(self, path: str, endpoint: Interaction, *, methods: Sequence[str]) -> None:
        super().__init__(path, endpoint, methods=list(methods))
        pattern = compile_path(path)[0].pattern
        pattern = pattern.replace(r"(?P<type>[^/]+)", _TYPE).replace(r"(?P<id>[^/]+)", _ID)
        self.path_regex = re.compile(pattern)
        self.app = _answering(endpoint)


def _answering(endpoint: Interaction) -> ASGIApp:
    """The interaction as Starlette has it, but for looking after errors that `told` has told."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        response = await endpoint(Request(scope, receive, send))
        await response(scope, receive, send)

    return answering


def nothing_else(routes: Sequence[Route]) -> Interaction:
    """What every other address is answered: 404, or 405 where another method would be answered."""

    async def nowhere(request: Request) -> Response:
        scope: Scope = request.scope
        found = {
            method
            for route in routes
            if route.matches(scope)[0] is Match.PARTIAL
            for method in route.methods or ()
        }
        if found:
            allowed = ", ".join(sorted(found))
            raise problem(405, "not-supported", f"This address is for {allowed}.")
        raise problem(404, "not-found", "There is nothing at that address.")

    return told(nowhere)
