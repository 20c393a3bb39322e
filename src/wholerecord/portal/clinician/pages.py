"""Pages for professionals, by address."""

import asyncio
from datetime import date

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access import Opened, Refused
from wholerecord.consent import Role, View
from wholerecord.errors import NotFound
from wholerecord.fold import Condition, Kind, Procedure, Verdict, by_kind
from wholerecord.people.search import Search
from wholerecord.portal.clinician import alerts, identity, rule, shield
from wholerecord.portal.clinician.by_time import by_time
from wholerecord.portal.clinician.cancers import cancers
from wholerecord.portal.clinician.denials import denials
from wholerecord.portal.clinician.found import found_lines
from wholerecord.portal.clinician.listing import listing, name_of
from wholerecord.portal.clinician.panels import everything_pending
from wholerecord.portal.clinician.pregnancies import episodes
from wholerecord.portal.clinician.screen import screen
from wholerecord.portal.clinician.transfers import transferred
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.looked import looks_page
from wholerecord.portal.shared.original import original_page
from wholerecord.portal.shared.provenance import find_entry, provenance
from wholerecord.portal.shared.refusal import break_glass, claim, refused_page
from wholerecord.portal.shared.vaccinated import schedule_shown
from wholerecord.portal.shared.visit import Page, Site, Visit, signed_in
from wholerecord.record import MessageId


def routes(site: Site) -> list[Route]:
    """Where professionals find people and read records."""
    pages: tuple[tuple[str, Page], ...] = (
        ("/people", find),
        ("/people/{person}", first_screen),
        ("/people/{person}/entries/{key:path}", entry),
        ("/people/{person}/messages/{message:int}", message),
        ("/people/{person}/pending", pending),
        ("/people/{person}/safety", safety),
        ("/people/{person}/who", identity.who),
        ("/people/{person}/looked", looked),
        ("/people/{person}/timeline", timeline),
        ("/people/{person}/{kind}", entries),
    )
    forms: tuple[tuple[str, Page], ...] = (
        ("/people/{person}/emergency", break_glass),
        ("/people/{person}/claim", claim),
        ("/people/{person}/rulings", rule.make),
        ("/people/{person}/rulings/withdraw", rule.withdraw),
        ("/people/{person}/unlink", identity.unlink),
        ("/people/{person}/shield", shield.shield),
        ("/people/{person}/shield/end", shield.unshield),
    )
    return [
        *(signed_in(site, path, page) for path, page in pages),
        *(signed_in(site, path, page, method="POST") for path, page in forms),
    ]


async def find(visit: Visit) -> Response:
    """The people a search names; or, with nothing typed, the box to type in."""
    text = visit.request.query_params.get("q", "").strip()
    search = Search.of(text)
    if not text or not search.keys:
        return visit.page("clinician/find.html", q=text, search=search, found=None)
    found = await visit.door.find(search, purpose=visit.care[0])
    if isinstance(found, Refused):
        return refused_page(visit, found)
    lines = found_lines(found, visit.now.date())
    return visit.page("clinician/find.html", q=text, search=search, found=lines)


async def first_screen(visit: Visit) -> Response:
    """One person's record on one screen."""
    if visit.persona.role in (Role.RECEPTIONIST, Role.GOVERNANCE):  # whose work is who a person is
        return RedirectResponse(f"/people/{visit.person}/who", status_code=303)
    opened = await _open(visit)
    if isinstance(opened, Refused):
        return refused_page(visit, opened, person=visit.person)
    door = visit.door
    last, questions = await asyncio.gather(
        door.last_look(visit.person, opened.opening), door.questions(opened)
    )
    return visit.page(
        "clinician/screen.html",
        screen=screen(
            opened,
            alerts=alerts.lines(opened, links(visit)),
            last=last,
            now=visit.now,
            at=visit.at,
        ),
        given=visit.care[1],
        questions=0 if visit.at else len(questions),
    )


async def entries(visit: Visit) -> Response:
    """Every entry of one kind, a page at a time."""
    try:
        kind = Kind(visit.request.path_params["kind"])
    except ValueError:
        raise NotFound from None
    opened = await _open(visit, part=kind.value)
    if isinstance(opened, Refused):
        return refused_page(visit, opened, person=visit.person)
    asked = visit.request.query_params
    today = _today(visit)
    shown = listing(
        opened,
        kind,
        links(visit),
        words=asked.get("q", ""),
        page=asked.get("page", "1"),
        plumbing=asked.get("plumbing") == "yes",
        today=today,
    )
    rulings = await visit.door.rulings(opened) if opened.record.negatives else ()
    return visit.page(
        "clinician/entries.html",
        listing=shown,
        denials=denials(opened, kind, rulings, links(visit)),
        schedule=schedule_shown(opened, links(visit), today, plain=False)
        if kind is Kind.IMMUNISATION
        else None,
        episodes=episodes(opened, links(visit), today) if kind is Kind.CONDITION else (),
        cancers=cancers(opened, links(visit)) if kind is Kind.CONDITION else (),
        transfers=transferred(opened, links(visit), today) if kind is Kind.MEDICINE else (),
        links=links(visit),
    )


async def timeline(visit: Visit) -> Response:
    """The whole record by time, a page at a time."""
    opened = await _open(visit, part="timeline")
    if isinstance(opened, Refused):
        return refused_page(visit, opened, person=visit.person)
    asked = visit.request.query_params
    return visit.page(
        "clinician/by_time.html",
        timeline=by_time(
            opened,
            links(visit),
            _today(visit),
            chosen=asked.getlist("kind"),
            page=asked.get("page", "1"),
        ),
        name=name_of(opened),
        links=links(visit),
    )


async def pending(visit: Visit) -> Response:
    """Everything awaited, and everything that could not be filed."""
    opened = await _open(visit, part="pending")
    if isinstance(opened, Refused):
        return refused_page(visit, opened, person=visit.person)
    return visit.page(
        "clinician/pending.html",
        panel=everything_pending(opened, by_kind(opened.record), links(visit), visit.now),
        record=opened.record,
        withheld=opened.withheld,
        links=links(visit),
    )


async def safety(visit: Visit) -> Response:
    """Every safety alert, with what each leans on."""
    opened = await _open(visit, part="safety")
    if isinstance(opened, Refused):
        return refused_page(visit, opened, person=visit.person)
    return visit.page(
        "clinician/safety.html",
        cards=alerts.cards(opened, links(visit)),
        demonstration=alerts.DEMONSTRATION,
        links=links(visit),
    )


async def entry(visit: Visit) -> Response:
    """Where one entry comes from, and the forms to rule on it."""
    key: str = visit.request.path_params["key"]
    opened = await _open(visit, view=View.PROVENANCE, part=key)
    if isinstance(opened, Refused):
        return refused_page(visit, opened, person=visit.person)
    found = find_entry(opened, key)
    if found is None:
        raise NotFound("It may have been joined with another entry, or split: look in its list.")
    rulings = await visit.door.rulings(opened)
    asked = await visit.door.asked_of_sources(rulings)
    return visit.page(
        "clinician/entry.html",
        entry=provenance(opened, found, rulings, links(visit), asked),
        others=rule.others(opened, found),
        sided=isinstance(found.detail, Condition | Procedure),
        disputed=any(r.verdict is Verdict.DISPUTED and r.n in found.rulings for r in rulings),
        shields=await visit.door.shields(opened, rule.abouts(found)),
        links=links(visit),
    )


async def message(visit: Visit) -> Response:
    """An original message, with the place a line came from."""
    number = MessageId(visit.request.path_params["message"])
    purpose, given = visit.care
    original = await visit.door.message(visit.person, number, purpose=purpose, given=given)
    if isinstance(original, Refused):
        return refused_page(visit, original, person=visit.person)
    return original_page(visit, original, back=links(visit).base)


async def looked(visit: Visit) -> Response:
    """The openings of a record, a page at a time, for whoever reviews emergencies."""
    page = await looks_page(visit, visit.person, visit.care[0])
    if isinstance(page, Refused):
        return refused_page(visit, page)
    return visit.page(
        "clinician/looked.html",
        lines=[(opening, words.moment(opening.at)) for opening in page.looks],
        page=page,
        links=links(visit),
        crumb="Who this is",
    )


def _today(visit: Visit) -> date:
    """The day that the record is shown for: of the moment asked for, never later than now."""
    return min(visit.at or visit.now, visit.now).date()


def links(visit: Visit) -> Links:
    """Where this person's pages are, at the moment asked for."""
    return Links(base=f"/people/{visit.person}", at=visit.request.query_params.get("at", "")[:40])


async def _open(visit: Visit, *, view: View = View.RECORD, part: str = "") -> Opened | Refused:
    purpose, given = visit.care
    return await visit.door.open(
        visit.person, purpose=purpose, view=view, part=part, given=given, at=visit.at
    )
