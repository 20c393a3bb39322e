"""What seems wrong to the people looked at: governance answers, and nothing else closes it."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Site, Visit, signed_in


def routes(site: Site) -> list[Route]:
    """Where concerns are read, and answered."""
    return [
        signed_in(site, "/desk/concerns", concerns),
        signed_in(site, "/desk/concerns", answer, method="POST"),
    ]


async def concerns(visit: Visit) -> Response:
    """Every concern that waits, the oldest first."""
    work = await visit.door.concerns()
    if isinstance(work, Refused):
        return refused_page(visit, work)
    return visit.page("desk/concerns.html", work=work)


async def answer(visit: Visit) -> Response:
    """Close a concern with a reply that the person reads."""
    sent = await visit.form()
    n = sent.number("n", "Choose a concern.")
    refused = await visit.door.answer_concern(n, reply=sent.reason())
    return refused_page(visit, refused) if refused else _back()


def _back() -> Response:
    return RedirectResponse("/desk/concerns", status_code=303)
