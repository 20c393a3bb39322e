"""The review desk: who is who, one question a page, by keyboard alone.

Nothing here needs a script: the reasons are a list, each decision has an access key, and deciding
leads to the next question with the last decision named and one button to take it back.
"""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.errors import Incorrect
from wholerecord.people import LinkEvent
from wholerecord.portal.desk.case import case_lines
from wholerecord.portal.shared.fields import SHORTEST_REASON, Fields
from wholerecord.portal.shared.numbers import number
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Site, Visit, signed_in
from wholerecord.record import PatientId, PersonId

#: What is nearly always the reason, so that nobody types it.
REASONS = (
    "The same in everything that matters",
    "Asked the organisations that sent them",
    "Looked at the messages",
    "Two people: twins, a parent and child, or one household",
    "Two people with one number",
    "Too little is known of one of them",
)


def routes(site: Site) -> list[Route]:
    """Where questions about identity are decided."""
    return [
        signed_in(site, "/desk/matches", queue),
        signed_in(site, "/desk/matches/{n}", case),
        signed_in(site, "/desk/matches/{n}", decide, method="POST"),
        signed_in(site, "/desk/take-back", take_back, method="POST"),
    ]


async def queue(visit: Visit) -> Response:
    """The most urgent question; or that there is none."""
    waiting = await visit.door.queue()
    if isinstance(waiting, Refused):
        return refused_page(visit, waiting)
    if waiting:
        return RedirectResponse(f"/desk/matches/{waiting[0].n}{_query(visit)}", status_code=303)
    return visit.page("desk/matched.html", last=_last(visit), person=_person(visit))


async def case(visit: Visit) -> Response:
    """One question, with all that bears on it."""
    found = await visit.door.case(visit.n)
    if isinstance(found, Refused):
        return refused_page(visit, found)
    return visit.page(
        "desk/case.html",
        case=case_lines(found, visit.now),
        reasons=REASONS,
        last=_last(visit),
        person=_person(visit),
    )


async def decide(visit: Visit) -> Response:
    """Decide a question, and go on to the next."""
    sent = await visit.form()
    n = visit.n
    found = await visit.door.case(n)
    if isinstance(found, Refused):
        return refused_page(visit, found)
    review, why = found.review, _why(sent)
    done = await _decided(visit, sent.one("verdict"), review.patient, review.person, why)
    if isinstance(done, Refused):
        return refused_page(visit, done)
    following = f"/{found.next}" if found.next else ""
    query = f"?last={done.n}&person={review.person}"
    return RedirectResponse(f"/desk/matches{following}{query}", status_code=303)


async def _decided(
    visit: Visit, verdict: str, patient: PatientId, person: PersonId, why: str
) -> LinkEvent | Refused:
    match verdict:
        case "join":
            return await visit.door.join(patient, person, why=why)
        case "veto":
            return await visit.door.veto(patient, person, why=why)
        case "unlink":
            return await visit.door.unlink(patient, why=why)
        case "unsure":
            return await visit.door.unsure(patient, person, why=why)
        case _:
            raise Incorrect("Choose what you decide.")


async def take_back(visit: Visit) -> Response:
    """Take back the last decision: it is asked again."""
    sent = await visit.form()
    n, person = sent.number("n", "Choose a decision."), PersonId(sent.one("person"))
    done = await visit.door.take_back(person, n, why="taken back by whoever decided it")
    if isinstance(done, Refused):
        return refused_page(visit, done)
    return RedirectResponse("/desk/matches", status_code=303)


def _why(sent: Fields) -> str:
    """The reason chosen and what was added to it.

    Raises:
        Incorrect: neither says enough.
    """
    chosen = sent.one("because") if sent.one("because") in REASONS else ""
    why = "; ".join(part for part in (chosen, sent.one("why")) if part)
    if len(why) < SHORTEST_REASON:
        raise Incorrect("Choose or say why: others will read it.")
    return why


def _query(visit: Visit) -> str:
    last, person = _last(visit), _person(visit)
    return f"?last={last}&person={person}" if last and person else ""


def _last(visit: Visit) -> int:
    """The decision just made, 0 for none: what can be taken back."""
    return number(visit.request.query_params.get("last", "")) or 0


def _person(visit: Visit) -> str:
    text = visit.request.query_params.get("person", "")
    return text if len(text) == 32 and text.isalnum() and text.isascii() else ""
