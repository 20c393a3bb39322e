"""Who asks the API: somebody signed in, or an app that somebody let in."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

from starlette.requests import Request

from wholerecord import fhir, portal
from wholerecord.access import Actor
from wholerecord.portal import Site


def who_asks(site: Site) -> Callable[[Request], Awaitable[Actor | None]]:
    """Who asks, by the request.

    A request with an `Authorization` is whoever that stands for, and nobody where it stands for
    nobody: a token that is not right never falls back to the cookie beside it, which may do more.
    """

    async def asks(request: Request) -> Actor | None:
        brought = request.headers.get("authorization")
        if brought is None:
            known = await portal.whose(site, request)
            return known[1].actor if known else None
        kind, _, token = brought.partition(" ")
        if kind.lower() != "bearer" or site.authority is None:
            return None
        access = await site.authority.access(token.strip(), now=datetime.now(UTC))
        if access is None:
            return None
        grant = access.grant
        app = await site.authority.apps.app(grant.app)
        if app is None:
            return None
        own = grant.actor.id == f"app:{app.id}"
        name = grant.actor.name if own else f"{grant.actor.name}, through {app.title}"
        return replace(grant.actor, name=name, limits=fhir.limits(grant))

    return asks
