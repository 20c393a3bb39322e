"""The page of open counts: numbers with noise, for anybody, signed in or not."""

from starlette.responses import Response
from starlette.routing import Route

from wholerecord.portal.shared.visit import Guest, Site, open_to_all


def routes(site: Site) -> list[Route]:
    """Where anybody reads the newest open counts."""
    boards = site.boards
    if boards is None:
        return []

    async def show(guest: Guest) -> Response:
        return guest.page("counts/open.html", counts=await boards.open_counts())

    return [open_to_all(site, "/counts/open", show)]
