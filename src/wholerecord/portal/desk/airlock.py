"""The airlock: what a study counted and may not leave by itself. Two who did not ask it decide."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.errors import Incorrect
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.studies import Studies
from wholerecord.portal.shared.visit import Site, Visit, signed_in


def routes(site: Site) -> list[Route]:
    """Where what waits is read, and decided."""
    studies = site.studies
    if studies is None:
        return []

    async def airlock(visit: Visit) -> Response:
        return await _show(visit, studies)

    return [
        signed_in(site, "/desk/airlock", airlock),
        signed_in(site, "/desk/airlock", check, method="POST"),
    ]


async def _show(visit: Visit, studies: Studies) -> Response:
    waiting = await studies.airlock(visit.door)
    if isinstance(waiting, Refused):
        return refused_page(visit, waiting)
    return visit.page("desk/airlock.html", waiting=waiting, me=visit.persona.id)


async def check(visit: Visit) -> Response:
    """Say that a study may be released, or is kept back, with the reason."""
    sent = await visit.form()
    n, verdict = sent.number("n", "Choose a study."), sent.one("verdict")
    if verdict not in {"release", "keep"}:
        raise Incorrect("Choose what you decide.")
    refused = await visit.door.check_study(n, approve=verdict == "release", why=sent.reason())
    if refused:
        return refused_page(visit, refused)
    return RedirectResponse("/desk/airlock", status_code=303)
