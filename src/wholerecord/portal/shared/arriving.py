"""Signing in with an identity provider: there, back, and being signed out from there.

| route | what it does |
|---|---|
| `GET /sign-in/{provider}` | begins, and sends the browser to the provider |
| `GET /sign-in/{provider}/back` | finishes: a session, or a refusal that is written down |
| `GET /sign-in/{provider}/leave` | goes on to sign out at the provider too |
| `POST /sign-in/{provider}/ended` | back-channel logout: ends the sessions the provider names |
"""

from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access import Doorstep
from wholerecord.consent import Role
from wholerecord.errors import NotFound
from wholerecord.portal.shared.fields import read_form
from wholerecord.portal.shared.notices import told_first
from wholerecord.portal.shared.persona import Persona
from wholerecord.portal.shared.session import LASTS, Session
from wholerecord.portal.shared.visit import Guest, Site, end_session, open_to_all, set_session
from wholerecord.signin import (
    Begun,
    Citizen,
    Door,
    Member,
    Party,
    Sealed,
    Unproven,
    Why,
    begin,
    signed_out,
)
from wholerecord.smart import OFFLINE_LASTS

_COOKIE = "wholerecord-sign-in"
#: How long a logout token's name is remembered: longer than one is believed.
_REMEMBERED = timedelta(minutes=15)


def routes(site: Site) -> list[Route]:
    """There, back, and ended. Without providers they lead nowhere."""
    sealed = Sealed(site.seal.secret, "sign-in", Begun)

    async def go(guest: Guest) -> Response:
        return await _go(site, sealed, guest)

    async def back(guest: Guest) -> Response:
        return await _back(site, sealed, guest)

    async def leave(guest: Guest) -> Response:
        party, _ = _at(site, guest.request)
        return RedirectResponse(await party.farewell(), status_code=303)

    async def ended(guest: Guest) -> Response:
        return await _ended(site, guest.request)

    return [
        open_to_all(site, "/sign-in/{provider}", go),
        open_to_all(site, "/sign-in/{provider}/back", back),
        open_to_all(site, "/sign-in/{provider}/leave", leave),
        open_to_all(site, "/sign-in/{provider}/ended", ended, method="POST"),
    ]


def ours(next: str) -> str:
    """A path of this site, or `/`: a link from elsewhere must not send people away from here."""
    path_only = next[:1] == "/" and next[1:2] not in ("/", "\\")
    return next if path_only and next.isprintable() else "/"


def _at(site: Site, request: Request) -> tuple[Party, Doorstep]:
    party = site.parties.get(request.path_params["provider"])
    if party is None or site.doorstep is None:
        raise NotFound
    return party, site.doorstep


async def _go(site: Site, sealed: Sealed[Begun], guest: Guest) -> Response:
    party, _ = _at(site, guest.request)
    door = party.provider.door
    begun = begin(door, ours(guest.request.query_params.get("next", "")), now=datetime.now(UTC))
    # Staff share computers: the provider must ask who it is, not say who it was.
    switching = "again" in guest.request.query_params
    again = switching or guest.session is not None or door is Door.STAFF
    response = RedirectResponse(await party.address(begun, again=again), status_code=303)
    response.headers["cache-control"] = "no-store"
    response.set_cookie(
        _COOKIE,
        sealed.write(begun),
        expires=begun.until,
        httponly=True,
        samesite="lax",
        secure=site.secure,
        path="/sign-in",
    )
    return response


async def _back(site: Site, sealed: Sealed[Begun], guest: Guest) -> Response:
    party, doorstep = _at(site, guest.request)
    begun = sealed.read(guest.request.cookies.get(_COOKIE, ""))
    now = datetime.now(UTC)
    how = party.provider.door.value
    try:
        await _once(site, begun)
        proven = await party.finish(begun, dict(guest.request.query_params), now=now)
        persona = await _persona(doorstep, proven.who)
    except Unproven as error:
        await doorstep.turned_away(error.claimed, error.why.value, how)
        raise
    await doorstep.let_in(persona.actor, how)
    if guest.session:  # whoever was signed in on this computer is so no longer
        await end_session(site, guest.session)
    leads = await told_first(site, persona, begun.next if begun else "/")
    response = RedirectResponse(leads, status_code=303)
    response.delete_cookie(_COOKIE, path="/sign-in", httponly=True, samesite="lax")
    session = Session.begin(persona.id, now=now, proven=persona, names=proven.names)
    set_session(site, response, session)
    return response


async def _once(site: Site, begun: Begun | None) -> None:
    """Let an answer pass once.

    Raises:
        Unproven: it was brought before.
    """
    if begun and not await site.spent.spend(f"state {begun.state}", until=begun.until):
        raise Unproven(Why.NOT_BEGUN)


async def _persona(doorstep: Doorstep, who: Member | Citizen) -> Persona:
    if isinstance(who, Member):
        return Persona(
            id=who.id,
            name=who.name,
            role=who.role,
            organisation=who.organisation,
            place=who.place,
            about="",
        )
    person = await doorstep.whose(who.number, who.born)
    if person is None:
        raise Unproven(Why.NO_RECORD, claimed=who.id)
    return Persona(
        id=who.id,
        name=who.name,
        role=Role.PATIENT,
        organisation="",
        place="signed in with NHS login",
        about="",
        person=person,
    )


async def _ended(site: Site, request: Request) -> Response:
    party, doorstep = _at(site, request)
    now = datetime.now(UTC)
    how = f"{party.provider.door.value}, logout"
    sent = await read_form(request, longest=16_000)
    try:
        own, names = await signed_out(party, sent.one("logout_token"), now=now)
    except Unproven as error:
        await doorstep.turned_away(error.claimed, error.why.value, how)
        return Response(status_code=400, headers={"cache-control": "no-store"})
    if await site.spent.spend(own, until=now + _REMEMBERED):
        for name in names:
            await site.spent.spend(name, until=now + LASTS + OFFLINE_LASTS)
    return Response(status_code=200, headers={"cache-control": "no-store"})
