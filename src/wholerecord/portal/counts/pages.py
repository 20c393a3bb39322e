"""The counting pages: ask one question, read a safe table; and everybody's questions, for all."""

from starlette.responses import Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.consent import Purpose, Role
from wholerecord.portal.shared import words
from wholerecord.portal.shared.counting import Counting, Table
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Guest, Site, Visit, open_to_all, signed_in


def routes(site: Site) -> list[Route]:
    """Where counts are asked for, and where anybody may read what was asked."""
    counting = site.counting
    if counting is None:
        return []

    async def choose(visit: Visit) -> Response:
        return _page(visit, counting, None)

    async def count(visit: Visit) -> Response:
        sent = await visit.form()
        question = sent.one("question")
        purpose = Purpose.RESEARCH if visit.persona.role is Role.RESEARCHER else Purpose.PLANNING
        table = await counting.count(visit.door, question, purpose=purpose)
        if isinstance(table, Refused):
            return refused_page(visit, table)
        return _page(visit, counting, table, question)

    async def register(guest: Guest) -> Response:
        lines = [(line, words.moment(line.at)) for line in await counting.register()]
        kept = site.studies
        return guest.page(
            "counts/register.html",
            lines=lines,
            projects=await kept.projects() if kept else (),
            studies=await kept.register() if kept else (),
        )

    return [
        open_to_all(site, "/counts/register", register),
        signed_in(site, "/counts", choose),
        signed_in(site, "/counts", count, method="POST"),
    ]


def _page(visit: Visit, counting: Counting, table: Table | None, question: str = "") -> Response:
    return visit.page(
        "counts/counts.html", questions=counting.questions(), table=table, question=question
    )
