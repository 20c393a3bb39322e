"""What somebody is told who opened a record that was two people's, or wrong: at sign-in."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access.wrong_facts import Wrong
from wholerecord.portal.shared.persona import Persona
from wholerecord.portal.shared.visit import Site, Visit, signed_in

_HOW = {
    Wrong.TAKEN_BACK: "taken back by its source",
    Wrong.CORRECTED: "corrected by its source",
    Wrong.RULED: "ruled wrong by a professional",
    Wrong.ANOTHERS: "ruled to be of another person by a professional",
    Wrong.SUPERSEDED: "ruled superseded by a professional",
    Wrong.SIDE: "ruled to be on another side by a professional",
    Wrong.UPHELD: "disputed, and a professional upheld the dispute",
}


def routes(site: Site) -> list[Route]:
    """Where notices are read, and said to be read."""
    return [
        signed_in(site, "/notices", notices),
        signed_in(site, "/notices", noticed, method="POST"),
    ]


async def told_first(site: Site, persona: Persona, leads: str) -> str:
    """Where somebody who signs in is led: to their notices while there are any, else to `leads`."""
    door = site.door(persona.actor)
    return "/notices" if await door.notices() or await door.wrong_notices() else leads


async def notices(visit: Visit) -> Response:
    """Every notice not read yet."""
    return visit.page(
        "shared/notices.html",
        how=_HOW,
        notices=await visit.door.notices(),
        wrong=await visit.door.wrong_notices(),
    )


async def noticed(visit: Visit) -> Response:
    """Say that a notice is read."""
    sent = await visit.form()
    n = sent.number("n", "Choose a notice.")
    if sent.one("of") == "fact":
        await visit.door.wrong_noticed(n)
    else:
        await visit.door.noticed(n)
    return RedirectResponse("/notices", status_code=303)
