"""What was sent to a language model: the list, and one prompt's words for whoever says why."""

import re

from starlette.responses import Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.errors import Incorrect, NotFound
from wholerecord.portal.shared.prompts import PromptLog
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Site, Visit, signed_in

_NUMBER = re.compile(r"[0-9]{1,18}")


def routes(site: Site) -> list[Route]:
    """Where prompts are listed and read."""
    return [
        signed_in(site, "/desk/prompts", prompts),
        signed_in(site, "/desk/prompts", words, method="POST"),
    ]


async def prompts(visit: Visit) -> Response:
    """Every prompt of late, without its words."""
    found = await _log(visit).prompt_lines(visit.door)
    if isinstance(found, Refused):
        return refused_page(visit, found)
    return visit.page("desk/prompts.html", lines=found)


async def words(visit: Visit) -> Response:
    """The words of one prompt. It is a look at the record it is about, with the reason."""
    sent = await visit.form()
    if not _NUMBER.fullmatch(sent.one("n")):
        raise Incorrect("Choose a prompt.")
    n = int(sent.one("n"))
    found = await _log(visit).prompt_page(visit.door, n, why=sent.reason())
    if isinstance(found, Refused):
        return refused_page(visit, found)
    return visit.page("desk/prompt.html", found=found)


def _log(visit: Visit) -> PromptLog:
    if visit.site.prompts is None:
        raise NotFound
    return visit.site.prompts
