"""Ruling on entries: whether they are the same, and what is wrong. Each can be withdrawn."""

from starlette.responses import RedirectResponse, Response

from wholerecord.access import Opened, Refused
from wholerecord.errors import Incorrect
from wholerecord.fold import About, Entry, Kind, Verdict
from wholerecord.portal.shared.provenance import about_from, about_text
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Visit

_MOST_OTHERS = 200


def others(opened: Opened, entry: Entry) -> tuple[tuple[str, str], ...]:
    """Entries of the same kind that it might be joined with: form value and title."""
    choices: list[tuple[str, str]] = []
    for other in opened.record.of(entry.kind):
        if other is not entry and len(choices) < _MOST_OTHERS:
            said = other.said_by[0]
            when = f", {other.when.say()}" if other.when else ""
            about = about_text(About(said.patient, said.kind, said.id))
            choices.append((about, f"{other.title}{when}"))
    return tuple(choices)


def abouts(entry: Entry) -> tuple[About, ...]:
    """The statements that say it, as rulings name them."""
    return tuple(About(*said.id_key) for said in entry.said_by)


async def make(visit: Visit) -> Response:
    """Keep a ruling on the statements that were ticked."""
    sent = await visit.form()
    try:
        verdict = Verdict(sent.one("verdict"))
    except ValueError:
        raise Incorrect("Choose what you decide.") from None
    about = tuple(filter(None, map(about_from, sent.every("about"))))
    if verdict is Verdict.SUPERSEDED:
        instead = about_from(sent.one("instead"))
        about = (instead, *(one for one in about if one != instead)) if instead else ()
    if not about or (verdict is Verdict.SAME and len(about) < 2):
        raise Incorrect("Choose which statements you mean.")
    ruled = await visit.door.rule(
        visit.person, verdict, about, why=sent.reason(), side=sent.one("side")
    )
    if isinstance(ruled, Refused):
        return refused_page(visit, ruled)
    return RedirectResponse(f"/people/{visit.person}/{_kind(sent.one('kind'))}", status_code=303)


async def withdraw(visit: Visit) -> Response:
    """Take a ruling back: the record is as if it had not been made, and both are kept."""
    sent = await visit.form()
    n = sent.number("n", "Choose a ruling.")
    refused = await visit.door.withdraw(visit.person, n)
    if refused:
        return refused_page(visit, refused)
    return RedirectResponse(f"/people/{visit.person}/{_kind(sent.one('kind'))}", status_code=303)


def _kind(text: str) -> str:
    """A kind's name for an address, whatever a form says."""
    return text if text in {kind.value for kind in Kind} else Kind.CONDITION.value
