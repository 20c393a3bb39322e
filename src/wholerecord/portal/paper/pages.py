"""Where a record is printed and saved: by those who care for the person, and by the person.

Each is a look at the record, written down as what it is: `print`, `record.pdf`, … What may not be
seen is on no paper, and an answer is kept by no cache.
"""

from collections.abc import Awaitable, Callable

from starlette.responses import Response
from starlette.routing import Route

from wholerecord.access import Opened, Refused
from wholerecord.care.sheet import Sheet, full_sheet, one_page
from wholerecord.consent import Purpose, View
from wholerecord.errors import NotFound
from wholerecord.portal.paper.press import pdf
from wholerecord.portal.paper.table import table
from wholerecord.portal.paper.text import text
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Page, Site, Visit, signed_in
from wholerecord.record import PersonId

#: Makes a file of a sheet.
Making = Callable[[Sheet], Awaitable[bytes]]


def routes(site: Site) -> list[Route]:
    """The same papers for professionals, for oneself and for somebody one cares for."""
    papers: tuple[tuple[str, Page], ...] = (
        ("/print", print_page),
        *((f"/{name}", _file(name)) for name in _FILES),
    )
    return [
        *(signed_in(site, f"/people/{{person}}{path}", page) for path, page in papers),
        *(
            signed_in(site, f"{base}{path}", page)
            for base in ("/me/for/{person}", "/me")
            for path, page in (*papers, ("/download", download))
        ),
    ]


async def print_page(visit: Visit) -> Response:
    """What matters first on one page, or the whole record for `whole=yes`, for a printer."""
    whole = visit.request.query_params.get("whole") == "yes"
    opened = await _open(visit, part="print")
    if isinstance(opened, Refused):
        return refused_page(visit, opened, person=_person_cared_for(visit))
    sheet = full_sheet(opened, visit.now) if whole else one_page(opened, visit.now)
    return visit.page("paper/print.html", sheet=sheet, whole=whole, links=_links(visit))


async def download(visit: Visit) -> Response:
    """Every form in which the record can be saved."""
    opened = await _open(visit, view=View.DEMOGRAPHICS, part="download")
    if isinstance(opened, Refused):
        return refused_page(visit, opened)
    return visit.page(
        "paper/download.html",
        person=opened.person,
        mine="person" not in visit.request.path_params,
        links=_links(visit),
    )


def _file(name: str) -> Page:
    """The page that gives the file of that name."""
    sheet_of, make, media = _FILES[name]

    async def give(visit: Visit) -> Response:
        opened = await _open(visit, part=name)
        if isinstance(opened, Refused):
            return refused_page(visit, opened, person=_person_cared_for(visit))
        headers = {
            "cache-control": "no-store",
            "content-disposition": f'attachment; filename="{name}"',
            "x-content-type-options": "nosniff",
        }
        made = await make(sheet_of(opened, visit.now))
        return Response(made, media_type=media, headers=headers)

    return give


async def _summary_pdf(sheet: Sheet) -> bytes:
    return await pdf(sheet, large=False)


async def _record_pdf(sheet: Sheet) -> bytes:
    return await pdf(sheet, large=True)


async def _text(sheet: Sheet) -> bytes:
    return text(sheet).encode()


async def _table(sheet: Sheet) -> bytes:
    return b"\xef\xbb\xbf" + table(sheet).encode()  # a mark that spreadsheets know UTF-8 by


_FILES: dict[str, tuple[Callable[..., Sheet], Making, str]] = {
    "summary.pdf": (one_page, _summary_pdf, "application/pdf"),
    "record.pdf": (full_sheet, _record_pdf, "application/pdf"),
    "record.txt": (full_sheet, _text, "text/plain; charset=utf-8"),
    "record.csv": (full_sheet, _table, "text/csv; charset=utf-8"),
}


def _cares(visit: Visit) -> bool:
    return visit.request.url.path.startswith("/people/")


def _person_cared_for(visit: Visit) -> str:
    """Whose glass may be broken: nobody's, where somebody asks as the person or for them."""
    return visit.person if _cares(visit) else ""


async def _open(visit: Visit, *, part: str, view: View = View.RECORD) -> Opened | Refused:
    purpose, given = visit.care if _cares(visit) else (Purpose.OWN_RECORD, "")
    return await visit.door.open(
        _person(visit), purpose=purpose, view=view, part=part, given=given, at=visit.at
    )


def _person(visit: Visit) -> PersonId:
    if "person" in visit.request.path_params:
        return visit.person
    if visit.persona.person is None:
        raise NotFound("You are signed in as somebody who has no record here.")
    return visit.persona.person


def _links(visit: Visit) -> Links:
    named = visit.request.path_params.get("person")
    base = f"/people/{named}" if _cares(visit) else f"/me/for/{named}" if named else "/me"
    return Links(base=base, at=visit.request.query_params.get("at", "")[:40])
