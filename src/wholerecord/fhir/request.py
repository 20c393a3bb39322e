"""What every interaction starts from: who asks, and for what purpose."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from wholerecord.access import Actor, Door
from wholerecord.consent import Purpose, Role
from wholerecord.errors import UnknownCaller
from wholerecord.fhir.bulk.exports import Exports
from wholerecord.fhir.granting import let_in
from wholerecord.fhir.profiles import NONE, Profiles
from wholerecord.fhir.search.cursor import Cursors
from wholerecord.fhir.subscriptions.live import Live

#: Who is signed in with this request (a bearer token or a session), or None.
WhoAsks = Callable[[Request], Awaitable[Actor | None]]


def nowhere(_: str) -> bool:
    """Where nobody is listed to receive, nothing is sent."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """What the API needs from the application: doors, who asks, a seal, room for exports."""

    door: Callable[[Actor], Door]
    who_asks: WhoAsks
    cursors: Cursors
    #: where exports are made; None: nowhere
    exports: Exports | None = None
    #: whether notifications are sent to an address
    may_go_to: Callable[[str], bool] = nowhere
    #: what telling by websocket needs; None: nobody is told so
    live: Live | None = None
    #: the profiles that were loaded
    profiles: Profiles = NONE
    #: what a CapabilityStatement says of getting in; None: nothing
    security: Callable[[Request], dict[str, Any]] | None = None

    def secured(self, statement: dict[str, Any], request: Request) -> dict[str, Any]:
        """The CapabilityStatement, saying how apps are let in."""
        if self.security is not None:
            for rest in statement["rest"]:
                rest["security"] = self.security(request)
        return statement

    async def open_for(self, request: Request) -> tuple[Door, Purpose]:
        """The asker's door and the purpose their role implies.

        Raises:
            UnknownCaller: nobody is signed in.
            NotLetIn: they ask through an app that was not let in to this.
        """
        actor = await self.who_asks(request)
        if actor is None:
            raise UnknownCaller
        request.state.scopes = let_in(request, actor.limits)
        own = actor.role in (Role.PATIENT, Role.CARER)
        return self.door(actor), Purpose.OWN_RECORD if own else Purpose.DIRECT_CARE
