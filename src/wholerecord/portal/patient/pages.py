"""The person's own pages, and a carer's for the people they look in for."""

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access import Opened, Refused
from wholerecord.consent import Purpose, View
from wholerecord.errors import Incorrect, NotFound
from wholerecord.fold import Kind, Verdict
from wholerecord.portal.patient.by_time import by_time
from wholerecord.portal.patient.looks import looks
from wholerecord.portal.patient.plain import section, sections
from wholerecord.portal.patient.ties import tie_lines
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.looked import looks_page
from wholerecord.portal.shared.numbers import number
from wholerecord.portal.shared.original import original_page
from wholerecord.portal.shared.provenance import about_from, find_entry, provenance
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Page, Site, Visit, signed_in
from wholerecord.record import MessageId, PersonId


def routes(site: Site) -> list[Route]:
    """The same pages for oneself and for somebody one cares for."""
    pages: tuple[tuple[str, Page], ...] = (
        ("", record),
        ("/who-looked", who_looked),
        ("/who-looked/evidence", evidence),
        ("/who-can-see", who_can_see),
        ("/timeline", timeline),
        ("/entries/{key:path}", entry),
        ("/messages/{message:int}", message),
        ("/{kind}", entries),
    )
    forms: tuple[tuple[str, Page], ...] = (("/disputes", dispute), ("/withdraw", withdraw))
    return [
        route
        for base in ("/me/for/{person}", "/me")
        for route in (
            *(signed_in(site, base + path, page) for path, page in pages),
            *(signed_in(site, base + path, page, method="POST") for path, page in forms),
        )
    ]


async def record(visit: Visit) -> Response:
    """The record in plain words."""
    opened = await _open(visit)
    if isinstance(opened, Refused):
        return refused_page(visit, opened)
    return visit.page(
        "patient/record.html",
        name=_name(opened),
        born=_born(opened),
        sections=sections(opened, _links(visit), visit.now.date()),
        sources=tuple(feed.source.title for feed in opened.feeds),
        links=_links(visit),
        mine="person" not in visit.request.path_params,
        news=await visit.door.news(opened),
    )


async def entries(visit: Visit) -> Response:
    """Every entry of one kind, in plain words."""
    try:
        kind = Kind(visit.request.path_params["kind"])
    except ValueError:
        raise NotFound from None
    opened = await _open(visit, part=kind.value)
    if isinstance(opened, Refused):
        return refused_page(visit, opened)
    return visit.page(
        "patient/entries.html",
        section=section(
            opened,
            kind,
            _links(visit),
            visit.now.date(),
            plumbing=visit.request.query_params.get("plumbing") == "yes",
        ),
        links=_links(visit),
    )


async def timeline(visit: Visit) -> Response:
    """The whole record by time, in plain words, a page at a time."""
    opened = await _open(visit, part="timeline")
    if isinstance(opened, Refused):
        return refused_page(visit, opened)
    asked = visit.request.query_params
    return visit.page(
        "patient/by_time.html",
        timeline=by_time(
            opened,
            _links(visit),
            visit.now.date(),
            chosen=asked.getlist("kind"),
            page=asked.get("page", "1"),
        ),
        links=_links(visit),
        mine="person" not in visit.request.path_params,
    )


async def entry(visit: Visit) -> Response:
    """Where one line comes from, and the form to say that it is not right."""
    key: str = visit.request.path_params["key"]
    opened = await _open(visit, view=View.PROVENANCE, part=key)
    if isinstance(opened, Refused):
        return refused_page(visit, opened)
    found = find_entry(opened, key)
    if found is None:
        raise NotFound("That line may have been joined with another: look in your record.")
    rulings = await visit.door.rulings(opened)
    return visit.page(
        "patient/entry.html",
        key=key,
        entry=provenance(
            opened, found, rulings, _links(visit), await visit.door.asked_of_sources(rulings)
        ),
        mine=frozenset(ruling.n for ruling in rulings if ruling.by == visit.persona.id),
        links=_links(visit),
    )


async def message(visit: Visit) -> Response:
    """An original message about the person."""
    number = MessageId(visit.request.path_params["message"])
    original = await visit.door.message(_person(visit), number, purpose=Purpose.OWN_RECORD)
    if isinstance(original, Refused):
        return refused_page(visit, original)
    return original_page(visit, original, back=_links(visit).base)


async def who_looked(visit: Visit) -> Response:
    """Everybody who opened the record or was refused, newest first, a page at a time."""
    page = await looks_page(visit, _person(visit), Purpose.OWN_RECORD)
    if isinstance(page, Refused):
        return refused_page(visit, page)
    places = {one.organisation: one.place for one in await visit.site.personas()}
    return visit.page(
        "patient/looks.html",
        looks=looks(page.looks, me=visit.persona.id, places=places),
        page=page,
        links=_links(visit),
    )


async def evidence(visit: Visit) -> Response:
    """The file that proves the list of who looked, to check with `audit/prove.py`."""
    said = [number(each) for each in visit.request.query_params.getlist("since")]
    since = [each for each in said if each is not None]
    if len(since) < len(said):
        raise Incorrect("`since` is a number of openings: the size of a checkpoint you hold.")
    found = await visit.door.evidence(_person(visit), purpose=Purpose.OWN_RECORD, since=since)
    if isinstance(found, Refused):
        return refused_page(visit, found)
    if found is None:
        raise NotFound("Nothing is sealed yet: look again in a minute.")
    headers = {"content-disposition": 'attachment; filename="who-looked.json"'}
    return JSONResponse(found.as_json(), headers=headers)


async def who_can_see(visit: Visit) -> Response:
    """Who can see the record, or one line of it, who cannot, and why."""
    key = visit.request.query_params.get("entry", "")
    explained = await visit.door.explain(_person(visit), purpose=Purpose.OWN_RECORD, key=key)
    if isinstance(explained, Refused):
        return refused_page(visit, explained)
    places = {one.organisation: one.place for one in await visit.site.personas()}
    return visit.page(
        "patient/sees.html",
        explained=explained,
        ties=tie_lines(explained.ties, places),
        links=_links(visit),
    )


async def dispute(visit: Visit) -> Response:
    """Keep that the person says something is not right. A professional decides; it is shown now."""
    sent = await visit.form()
    about = tuple(filter(None, map(about_from, sent.every("about"))))
    if not about:
        raise Incorrect("Choose what is not right.")
    why = f"{_WRONG.get(sent.one('what'), _WRONG['other'])}: {sent.reason()}"
    ruled = await visit.door.rule(
        _person(visit), Verdict.DISPUTED, about, why=why, purpose=Purpose.OWN_RECORD
    )
    if isinstance(ruled, Refused):
        return refused_page(visit, ruled)
    return RedirectResponse(_links(visit).base, status_code=303)


async def withdraw(visit: Visit) -> Response:
    """Take back what the person said was not right."""
    sent = await visit.form()
    n = sent.number("n", "Choose what to take back.")
    refused = await visit.door.withdraw(_person(visit), n, purpose=Purpose.OWN_RECORD)
    return refused_page(visit, refused) if refused else _back(visit)


_WRONG = {
    "not-me": "this is not about me",
    "not-right": "this is not right",
    "other": "something else",
}


def _back(visit: Visit) -> Response:
    return RedirectResponse(_links(visit).base, status_code=303)


def _person(visit: Visit) -> PersonId:
    """Whose record the address means: the one named in it, else one's own.

    Raises:
        NotFound: whoever is signed in has no record of their own.
    """
    if "person" in visit.request.path_params:
        return visit.person
    if visit.persona.person is None:
        raise NotFound("You are signed in as somebody who has no record here.")
    return visit.persona.person


def _links(visit: Visit) -> Links:
    named = visit.request.path_params.get("person")
    return Links(base=f"/me/for/{named}" if named else "/me")


async def _open(visit: Visit, *, view: View = View.RECORD, part: str = "") -> Opened | Refused:
    return await visit.door.open(_person(visit), purpose=Purpose.OWN_RECORD, view=view, part=part)


def _name(opened: Opened) -> str:
    who = opened.record.who
    return str(who.best.name) if who and who.best.name else "Name not said"


def _born(opened: Opened) -> str:
    who = opened.record.who
    return words.day(who.best.born, "") if who else ""
