"""What sources are asked to put right: who looks after each, by when, and what was answered."""

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.access.corrections import Correction, State
from wholerecord.care.requests import lines, sentence
from wholerecord.errors import Incorrect
from wholerecord.portal.shared import words
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Site, Visit, signed_in
from wholerecord.record import PersonId

_ANSWERS = {
    "corrected": (State.CORRECTED, "It put it right"),
    "declined": (State.DECLINED, "It declines, for this reason"),
}
_ASKED = {
    "upheld": "somebody disputes it, and a professional agrees",
    "wrong": "entered in error",
    "wrong-person": "of another person",
    "superseded": "superseded",
    "side": "on another side",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One request. `about` names resources by type and the source's own id alone."""

    one: Correction
    person: PersonId | None
    asked: str
    about: str
    days: int


def routes(site: Site) -> list[Route]:
    """Where requests to sources are read, answered, given to somebody, and printed."""
    return [
        signed_in(site, "/desk/corrections", corrections),
        signed_in(site, "/desk/corrections", answer, method="POST"),
        signed_in(site, "/desk/corrections/owner", owner, method="POST"),
        signed_in(site, "/desk/corrections/{n}", letter),
    ]


async def corrections(visit: Visit) -> Response:
    """Every request that waits: what nobody answered in time first, then the oldest."""
    found = await visit.door.corrections()
    if isinstance(found, Refused):
        return refused_page(visit, found)
    made = [_line(one, person, visit.now) for one, person in found]
    return visit.page(
        "desk/corrections.html",
        lines=sorted(made, key=lambda line: (line.one.escalated is None, line.one.n)),
        answers=[(value, label) for value, (_, label) in _ANSWERS.items()],
    )


async def answer(visit: Visit) -> Response:
    """Keep what a source answered."""
    sent = await visit.form()
    n = sent.number("n", "Choose a request.")
    if sent.one("answer") not in _ANSWERS:
        raise Incorrect("Choose what the source answered.")
    state, _ = _ANSWERS[sent.one("answer")]
    refused = await visit.door.answer_correction(n, state, why=sent.reason())
    return refused_page(visit, refused) if refused else _back()


async def owner(visit: Visit) -> Response:
    """Give a request to somebody."""
    sent = await visit.form()
    n, to = sent.number("n", "Choose a request."), sent.one("to").strip()
    if not to:
        raise Incorrect("Say who looks after it.")
    refused = await visit.door.own_correction(n, to)
    return refused_page(visit, refused) if refused else _back()


async def letter(visit: Visit) -> Response:
    """The request as a letter, to print and post."""
    asked = await visit.door.letter(visit.n)
    if isinstance(asked, Refused):
        return refused_page(visit, asked)
    return visit.page(
        "desk/correction.html", asked=asked, lines=lines(asked), sentence=sentence(asked)
    )


def _line(one: Correction, person: PersonId | None, now: datetime) -> Line:
    return Line(
        one=one,
        person=person,
        asked=_ASKED[one.verdict.value],
        about=words.listed(f"{about.kind} {about.id}" for about in one.about),
        days=(one.due - now).days,
    )


def _back() -> Response:
    return RedirectResponse("/desk/corrections", status_code=303)
