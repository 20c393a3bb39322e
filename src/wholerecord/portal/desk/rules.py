"""The simulator: what a change of the rules would change, before anybody adopts it."""

from starlette.responses import Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.access.tried import differs_in_words, people_in_words
from wholerecord.consent.proposal import proposal
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Site, Visit, signed_in

_EXAMPLE = """{"add": [{"allow": false, "purpose": "direct care", "role": "nurse",
          "label": "mental-health", "reason": "agreed by the board"}], "end": []}"""


def routes(site: Site) -> list[Route]:
    """Where rules are tried. Adopting them is an operator's, on the command line."""
    return [
        signed_in(site, "/desk/rules", ask),
        signed_in(site, "/desk/rules", tried, method="POST"),
    ]


async def ask(visit: Visit) -> Response:
    """The form, after a look at the rules that changes nothing."""
    found = await visit.door.try_rules(proposal(b"{}"))
    if isinstance(found, Refused):
        return refused_page(visit, found)
    return visit.page("desk/rules.html", said=_EXAMPLE, found=None)


async def tried(visit: Visit) -> Response:
    """Who would gain and who would lose sight of what, and of how many people."""
    said = (await visit.form()).one("rules") or "{}"
    found = await visit.door.try_rules(proposal(said.encode()))
    if isinstance(found, Refused):
        return refused_page(visit, found)
    return visit.page(
        "desk/rules.html",
        said=said,
        found=found,
        gains=[differs_in_words(one) for one in found.differs if one.gains],
        losses=[differs_in_words(one) for one in found.differs if not one.gains],
        people=people_in_words(found),
    )
