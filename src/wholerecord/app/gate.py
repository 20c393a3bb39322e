"""The gate: every answer that goes out is written down beside the log, with the openings it had.

Written by other code than that which decides and logs, and around all of it: an answer that no
opening let out is in the book too, as what it is. It stands after the answer and makes nobody wait;
what a program that is killed had not written down yet is at most a second of it.
"""

from datetime import UTC, datetime

import structlog
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wholerecord.access.departures import Departure, Departures, departed, noting
from wholerecord.app.soon import Soon
from wholerecord.app.turned_away import TurnedAway
from wholerecord.errors import WholerecordError

#: What carries a body that says something.
_TELLS = frozenset({200, 201, 206})
#: Of a request that brings a token: that it counts for nothing.
_UNKNOWN, _TOKEN = frozenset({401}), b"authorization"
_BATCH, _PAUSE = 500, 1.0
#: Lines that wait while the store is away. Beyond, the oldest are counted and let go.
_MOST = 100_000
#: Answers of these may say nothing of anybody's record, so nothing need let them out.
OPEN: tuple[str, ...] = (
    # the program itself
    "GET /ready",
    "GET /about",
    "GET /sign-in",
    "GET /assets/{name:path}",
    "GET /apps",
    "GET /notices",
    "GET /people",
    # rules, counts and registers that are for everybody
    "GET /rules",
    "GET /rules/file",
    "GET /counts",
    "GET /counts/open",
    "GET /counts/register",
    "GET /counts/boards",
    "GET /counts/boards/{board}",
    # what a server can do, and what words mean
    "GET /fhir/metadata",
    "GET /record/fhir/metadata",
    "GET /fhir/openapi.json",
    "GET /record/fhir/openapi.json",
    "GET /fhir/.well-known/smart-configuration",
    "GET /record/fhir/.well-known/smart-configuration",
    "GET /fhir/CodeSystem/{operation}",
    "POST /fhir/CodeSystem/{operation}",
    "GET /fhir/ConceptMap/{operation}",
    "POST /fhir/ConceptMap/{operation}",
    "GET /fhir/ValueSet/{operation}",
    "POST /fhir/ValueSet/{operation}",
    # what comes in, and whether it is well made
    "POST /intake/{source}",
    "GET /intake/{source}/$import/{id}",
    "GET /intake/{source}/$import/{id}/{file}",
    "POST /fhir/{type}/$validate",
    "POST /fhir/{type}/{id}/$validate",
    # apps and subscriptions, which are their owner's own
    "GET /auth/authorize",
    "POST /auth/token",
    "POST /auth/introspect",
    "POST /auth/revoke",
    "GET /fhir/SubscriptionTopic",
    "GET /fhir/SubscriptionTopic/{id}",
    "GET /fhir/Subscription",
    "POST /fhir/Subscription",
    "GET /fhir/Subscription/{id}",
    "PUT /fhir/Subscription/{id}",
    "GET /fhir/Subscription/{id}/$status",
    "GET /fhir/Subscription/$get-ws-binding-token",
    # lists in which all may be refused, or nothing found: what is in one has its opening
    "POST /fhir",
    "POST /fhir/",
    "GET /fhir/_history",
    "GET /fhir/{type}/_history",
    "GET /fhir/$export/{export}",
    "GET /record/fhir/$export/{export}",
)
_log = structlog.get_logger()


class Gatebook:
    """Lines on their way into the book."""

    def __init__(self, store: Departures) -> None:
        self._store = store
        self._waiting: list[Departure] = []
        self._soon = Soon(self._write, lambda: bool(self._waiting), _PAUSE)

    def out(self, one: Departure) -> None:
        """Write it down, soon."""
        self._waiting.append(one)
        if len(self._waiting) > _MOST:
            _log.error("a line of what left is lost: the store is away", sort=one.sort)
            del self._waiting[0]
        self._soon.ask()

    async def close(self) -> None:
        """Write down all that waits."""
        await self._soon.close()

    async def _write(self) -> None:
        while some := self._waiting[:_BATCH]:
            try:
                await self._store.add_departures(some)
            except (WholerecordError, OSError) as error:
                _log.warning("what left is written down later", error=type(error).__name__)
                return
            del self._waiting[: len(some)]


class Gate:
    """ASGI middleware around everything that answers. `away` hears of tokens that are refused."""

    def __init__(self, app: ASGIApp, book: Gatebook, away: TurnedAway) -> None:
        self._app = app
        self._book = book
        self._away = away

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and write down that something went out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with noting() as noted:
            try:
                await self._app(scope, receive, watched)
            finally:
                if status in _UNKNOWN and any(name == _TOKEN for name, _ in scope["headers"]):
                    self._away.one()
                if status in _TELLS:
                    line = departed(datetime.now(UTC), sort_of(scope["path"]), noted)
                    if line.openings or not is_open(scope["method"], scope["path"]):
                        self._book.out(line)


def sort_of(path: str) -> str:
    """What an answer at this address is, in a few words that name nobody.

    >>> sort_of("/people/1/record.pdf"), sort_of("/fhir/Condition/1")
    ('download', 'what sources said')
    """
    _, *parts = path.split("/")
    if "$export" in parts:
        return "export file"
    if parts[0] == "fhir":
        return "what sources said"
    if parts[:2] == ["record", "fhir"]:
        return "the one record"
    if parts[-1] == "print":
        return "printed page"
    return "download" if "." in parts[-1] or parts[-1] in _FILES else "page"


def is_open(method: str, path: str) -> bool:
    """Whether what is answered there says nothing of anybody's record."""
    return any(known == method and at.match(path) for known, at in _OPEN)


_FILES = frozenset({"pack", "evidence"})
_OPEN = [
    (method, compile_path(path)[0]) for method, _, path in (one.partition(" ") for one in OPEN)
]
