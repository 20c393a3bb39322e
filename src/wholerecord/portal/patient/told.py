"""Where a person is told who looked, says how they want to be told, and says what seems wrong."""

import re

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.access.outbox import Channel, Choice
from wholerecord.errors import Incorrect, NotFound
from wholerecord.portal.patient.looks import looks
from wholerecord.portal.shared.fields import Fields
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Site, Visit, signed_in
from wholerecord.record import PersonId

_NUMBER = re.compile(r"[0-9]{1,18}")
#: What an address must look like, by channel: enough that a message can go, and no line breaks that
#: could become headers.
_ADDRESS = {
    Channel.APP: re.compile(r"(?s).*"),
    Channel.EMAIL: re.compile(r"[!-?A-~]+@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)+"),
    Channel.SMS: re.compile(r"\+?[0-9]{7,15}"),
    Channel.LETTER: re.compile(r"(?s).{10,500}"),
}
_ASKS = {
    Channel.EMAIL: "Write one e-mail address.",
    Channel.SMS: "Write a mobile number: digits, and + before a country's.",
    Channel.LETTER: "Write the whole address, with its postcode.",
}


def routes(site: Site) -> list[Route]:
    """Only of oneself: nobody chooses or asks for somebody else here."""
    return [
        signed_in(site, "/me/told", told),
        signed_in(site, "/me/told", choose, method="POST"),
        signed_in(site, "/me/concerns", concern, method="POST"),
    ]


async def told(visit: Visit) -> Response:
    """Who looked lately, what the person said of it, the replies, and how they are told."""
    found = await visit.door.told(_mine(visit))
    if isinstance(found, Refused):
        return refused_page(visit, found)
    places = {one.organisation: one.place for one in await visit.site.personas()}
    shown = looks(found.looks, me=visit.persona.id, places=places)
    about = visit.request.query_params.get("about", "")
    waiting = {concern.opening for concern in found.concerns}
    return visit.page(
        "patient/told.html",
        looks=[
            (line, look.n, look.n in waiting) for line, look in zip(shown, found.looks, strict=True)
        ],
        about=int(about) if _NUMBER.fullmatch(about) else 0,
        concerns=found.concerns,
        choice=found.choice,
        channels=list(Channel),
    )


async def choose(visit: Visit) -> Response:
    """Keep how the person wants to be told."""
    choice = _choice(await visit.form())
    refused = await visit.door.choose_telling(_mine(visit), choice)
    return refused_page(visit, refused) if refused else _back()


async def concern(visit: Visit) -> Response:
    """Keep that a look seems wrong."""
    sent = await visit.form()
    n = sent.one("n")
    if not _NUMBER.fullmatch(n):
        raise Incorrect("Choose a look.")
    refused = await visit.door.raise_concern(_mine(visit), int(n), why=sent.reason())
    return refused_page(visit, refused) if refused else _back()


def _choice(sent: Fields) -> Choice:
    """The choice that a form sent.

    Raises:
        Incorrect: the address is none for the channel.
    """
    try:
        channel = Channel(sent.one("channel"))
    except ValueError:
        raise Incorrect("Choose how you want to be told.") from None
    address = sent.one("address")
    if channel is Channel.SMS:
        address = re.sub(r"[ ()-]", "", address)
    if not _ADDRESS[channel].fullmatch(address):
        raise Incorrect(_ASKS[channel])
    return Choice(
        channel=channel,
        address="" if channel is Channel.APP else address,
        quiet=sent.one("quiet") == "yes",
        says_who=sent.one("says_who") == "yes",
    )


def _mine(visit: Visit) -> PersonId:
    if visit.persona.person is None:
        raise NotFound("You are signed in as somebody who has no record here.")
    return visit.persona.person


def _back() -> Response:
    return RedirectResponse("/me/told", status_code=303)
