"""The desk's pages: one list of work, and the forms that do it."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.errors import Incorrect
from wholerecord.portal.desk import (
    airlock,
    bench,
    concerns,
    corrections,
    emergencies,
    matching,
    policy,
    prompts,
    rules,
)
from wholerecord.portal.desk.view import feed_lines, matches, nobody_lines, parked_lines
from wholerecord.portal.shared.provenance import PATIENT
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Site, Visit, signed_in
from wholerecord.record import PatientId, PersonId
from wholerecord.terms import in_force

#: Items listed at once: the oldest work first, and how much more there is.
_MOST = 100


def routes(site: Site) -> list[Route]:
    """Where the work about messages and identity is done."""
    return [
        signed_in(site, "/desk", desk),
        signed_in(site, "/desk/release", release, method="POST"),
        signed_in(site, "/desk/match", match, method="POST"),
        *matching.routes(site),
        *concerns.routes(site),
        *corrections.routes(site),
        *emergencies.routes(site),
        *prompts.routes(site),
        *airlock.routes(site),
        *bench.routes(site),
        *policy.routes(site),
        *rules.routes(site),
    ]


async def desk(visit: Visit) -> Response:
    """Feeds, parked items and possible matches."""
    work = await visit.door.desk()
    if isinstance(work, Refused):
        return refused_page(visit, work)
    parked, possible = parked_lines(work, visit.now), matches(work, visit.now)
    return visit.page(
        "desk/desk.html",
        feeds=feed_lines(work.board, visit.now),
        nobody=nobody_lines(work, visit.now),
        parked=parked[:_MOST],
        parked_total=work.parked_total,
        checked=work.checked,
        matches=possible[:_MOST],
        matches_total=len(possible),
        terms=in_force(),
    )


async def release(visit: Visit) -> Response:
    """Close a parked item, with the reason."""
    sent = await visit.form()
    n = sent.number("n", "Choose an item.")
    refused = await visit.door.release(n, why=sent.reason())
    return refused_page(visit, refused) if refused else _back()


async def match(visit: Visit) -> Response:
    """Decide a possible match: the same person, or not."""
    sent = await visit.form()
    if not PATIENT.fullmatch(sent.one("patient")):
        raise Incorrect("Choose a match.")
    patient, person = PatientId(int(sent.one("patient"))), PersonId(sent.one("person"))
    match sent.one("verdict"):
        case "join":
            event = await visit.door.join(patient, person, why=sent.reason())
        case "veto":
            event = await visit.door.veto(patient, person, why=sent.reason())
        case _:
            raise Incorrect("Choose what you decide.")
    return refused_page(visit, event) if isinstance(event, Refused) else _back()


def _back() -> Response:
    return RedirectResponse("/desk", status_code=303)
