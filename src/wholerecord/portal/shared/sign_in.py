"""The demonstration's own identity provider: a list of invented people, and one button each.

It stands where CIS2 (staff) and NHS login (the public) stand in a real service.
"""

from datetime import UTC, datetime

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.errors import Incorrect
from wholerecord.portal.shared import arriving
from wholerecord.portal.shared.fields import read_form
from wholerecord.portal.shared.persona import Persona
from wholerecord.portal.shared.session import COOKIE, Session
from wholerecord.portal.shared.visit import (
    Guest,
    Site,
    Visit,
    end_session,
    open_to_all,
    set_session,
    signed_in,
)

_GROUPS = ("Professionals", "People and carers", "Governance, planning and research")


def routes(site: Site) -> list[Route]:
    """Signing in and out."""

    async def show(guest: Guest) -> Response:
        return await _choose(site, guest)

    async def enter(guest: Guest) -> Response:
        return await _enter(site, guest)

    return [
        open_to_all(site, "/sign-in", show),
        open_to_all(site, "/sign-in", enter, method="POST"),
        signed_in(site, "/sign-out", _leave, method="POST"),
        *arriving.routes(site),
    ]


async def _choose(site: Site, guest: Guest) -> Response:
    personas = await site.personas()
    groups: list[tuple[str, list[Persona]]] = [
        (group, [persona for persona in personas if persona.group == group]) for group in _GROUPS
    ]
    return guest.page(
        "shared/sign_in.html",
        groups=[(group, some) for group, some in groups if some],
        stories=site.stories,
        providers=list(site.parties),
        next=arriving.ours(guest.request.query_params.get("next", "")),
    )


async def _enter(site: Site, guest: Guest) -> Response:
    sent = await read_form(guest.request)
    chosen = sent.one("persona")
    if chosen not in {persona.id for persona in await site.personas()}:
        raise Incorrect("Choose one of the people listed.")
    if guest.session:  # whoever was signed in on this computer is so no longer
        await end_session(site, guest.session)
    response = RedirectResponse(arriving.ours(sent.one("next")), status_code=303)
    set_session(site, response, Session.begin(chosen, now=datetime.now(UTC)))
    return response


async def _leave(visit: Visit) -> Response:
    await visit.form()
    await end_session(visit.site, visit.session)
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return response
