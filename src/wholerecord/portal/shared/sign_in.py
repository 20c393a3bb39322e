"""The demonstration's own identity provider: a list of invented people, and one button each.

It stands where CIS2 (staff) and NHS login (the public) stand in a real service.
"""

from datetime import UTC, datetime
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.errors import Incorrect
from wholerecord.portal.shared import arriving
from wholerecord.portal.shared.fields import read_form
from wholerecord.portal.shared.notices import told_first
from wholerecord.portal.shared.pages import page
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
    out = guest.request.query_params.get("out", "")
    return guest.page(
        "shared/sign_in.html",
        groups=[(group, some) for group, some in groups if some],
        stories=site.stories,
        providers=list(site.parties),
        next=arriving.ours(guest.request.query_params.get("next", "")),
        out=out if out in site.parties else "",
    )


async def _enter(site: Site, guest: Guest) -> Response:
    sent = await read_form(guest.request)
    chosen = sent.one("persona")
    known = {persona.id: persona for persona in await site.personas()}
    if chosen not in known:
        raise Incorrect("Choose one of the people listed.")
    if guest.session:  # whoever was signed in on this computer is so no longer
        await end_session(site, guest.session)
    leads = await told_first(site, known[chosen], arriving.ours(sent.one("next")))
    response = RedirectResponse(leads, status_code=303)
    set_session(site, response, Session.begin(chosen, now=datetime.now(UTC)))
    return response


async def _leave(visit: Visit) -> Response:
    sent = await visit.form()
    await end_session(visit.site, visit.session)
    door = visit.session.persona.partition(":")[0]
    came_by = door if visit.session.proven and door in visit.site.parties else ""
    if sent.one("then") == "switch":
        response = _to_the_next(came_by, arriving.ours(sent.one("next")))
    else:
        response = RedirectResponse(
            f"/sign-in?out={came_by}" if came_by else "/sign-in", status_code=303
        )
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return response


def _to_the_next(came_by: str, next: str) -> Response:
    """Where whoever uses the computer now signs in, to come to the same page.

    A page that goes on by itself, and no redirect: the policy that lets a form of ours answer only
    from here holds for redirects too (Content Security Policy Level 3, `form-action`).
    """
    if not came_by:
        return RedirectResponse(f"/sign-in?next={quote(next)}", status_code=303)
    to = f"/sign-in/{came_by}?again=1&next={quote(next)}"
    response = page("shared/switching.html", to=to, persona=None, form_token="")
    response.headers["refresh"] = f"0;url={to}"
    return response
