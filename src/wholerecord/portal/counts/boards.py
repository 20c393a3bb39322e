"""The pages of boards: which there are, one with its charts and tables, and the same as CSV."""

from itertools import groupby

from starlette.responses import Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.consent import Purpose, Role
from wholerecord.portal.counts.chart import BARS, NAMES, ROW, chart, percent
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Site, Visit, signed_in


def routes(site: Site) -> list[Route]:
    """Where boards are looked at."""
    boards = site.boards
    if boards is None:
        return []

    async def choose(visit: Visit) -> Response:
        lines = boards.boards()
        groups = [(name, list(some)) for name, some in groupby(lines, lambda line: line.group)]
        return visit.page("counts/boards.html", groups=groups)

    async def board(visit: Visit) -> Response:
        found = await boards.board(visit.door, _id(visit), purpose=_purpose(visit))
        if isinstance(found, Refused):
            return refused_page(visit, found)
        drawn = [(table, chart(table.groups)) for table in found.tables]
        sizes = {"names": NAMES, "width": NAMES + BARS + 40, "row": ROW}
        return visit.page(
            "counts/board.html", board=found, drawn=drawn, percent=percent, sizes=sizes
        )

    async def csv(visit: Visit) -> Response:
        found = await boards.board_csv(visit.door, _id(visit), purpose=_purpose(visit))
        if isinstance(found, Refused):
            return refused_page(visit, found)
        name = {"content-disposition": f'attachment; filename="{_id(visit)}.csv"'}
        return Response(found, media_type="text/csv", headers=name)

    return [
        signed_in(site, "/counts/boards", choose),
        signed_in(site, "/counts/boards/{board}", board),
        signed_in(site, "/counts/boards/{board}/csv", csv),
    ]


def _id(visit: Visit) -> str:
    said: str = visit.request.path_params["board"]
    return said


def _purpose(visit: Visit) -> Purpose:
    return Purpose.RESEARCH if visit.persona.role is Role.RESEARCHER else Purpose.PLANNING
