"""The workbench: one parked item, a message traced, kept messages read again."""

from datetime import UTC, datetime

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.errors import Incorrect
from wholerecord.intake.replay import Choice
from wholerecord.portal.desk.changes import message_lines, person_lines
from wholerecord.portal.desk.view import parked_line
from wholerecord.portal.shared.fields import Fields
from wholerecord.portal.shared.numbers import number
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Site, Visit, signed_in
from wholerecord.record import MessageId

#: Changed messages listed on one page; all of them are published.
_MOST = 200


def routes(site: Site) -> list[Route]:
    """Where one item or message is worked on."""
    return [
        signed_in(site, "/desk/parked/{n}", item),
        signed_in(site, "/desk/parked/{n}/assign", assign, method="POST"),
        signed_in(site, "/desk/parked/{n}/note", note, method="POST"),
        signed_in(site, "/desk/trace", trace),
        signed_in(site, "/desk/replay", replay),
        signed_in(site, "/desk/replay/publish", publish, method="POST"),
        signed_in(site, "/desk/replay/undo", undo, method="POST"),
    ]


async def item(visit: Visit) -> Response:
    """A parked item: what it is, by when, and what was done about it."""
    found = await visit.door.item(visit.n)
    if isinstance(found, Refused):
        return refused_page(visit, found)
    return visit.page(
        "desk/item.html",
        item=parked_line(found.parked, found.parked.source, visit.now),
        parked=found.parked,
        steps=found.steps,
    )


async def assign(visit: Visit) -> Response:
    """Give a parked item to somebody."""
    sent = await visit.form()
    refused = await visit.door.assign(visit.n, sent.one("to"), why=sent.reason())
    return refused_page(visit, refused) if refused else _to(f"/desk/parked/{visit.n}")


async def note(visit: Visit) -> Response:
    """Write something down about a parked item."""
    sent = await visit.form()
    refused = await visit.door.note(visit.n, why=sent.reason())
    return refused_page(visit, refused) if refused else _to(f"/desk/parked/{visit.n}")


async def trace(visit: Visit) -> Response:
    """A message from end to end."""
    known_as = visit.request.query_params.get("id", "").strip()
    if not known_as:
        raise Incorrect("Say which message: a control id, a number or a SHA-256.")
    found = await visit.door.trace(known_as)
    if isinstance(found, Refused):
        return refused_page(visit, found)
    return visit.page("desk/trace.html", traces=found)


async def replay(visit: Visit) -> Response:
    """What reading kept messages again would change; and the replays there were."""
    replays = await visit.door.replays()
    if isinstance(replays, Refused):
        return refused_page(visit, replays)
    asked = visit.request.query_params
    sent = {name: asked.get(name, "").strip() for name in ("source", "since", "until", "message")}
    if not (sent["source"] or sent["message"]):
        return visit.page("desk/replay.html", replays=replays, sent=sent, seen=None)
    seen = await visit.door.preview(_choice(sent))
    if isinstance(seen, Refused):
        return refused_page(visit, seen)
    return visit.page(
        "desk/replay.html",
        replays=replays,
        sent=sent,
        seen=seen,
        messages=message_lines(seen.changes[:_MOST]),
        people=person_lines(seen.people[:_MOST]),
    )


async def publish(visit: Visit) -> Response:
    """Publish what was seen, signed off."""
    sent = await visit.form()
    done = await visit.door.publish(_choice(_fields(sent)), sent.one("digest"), why=sent.reason())
    return refused_page(visit, done) if isinstance(done, Refused) else _to("/desk/replay#replays")


async def undo(visit: Visit) -> Response:
    """Undo a replay."""
    sent = await visit.form()
    n = sent.number("n", "Choose a replay.")
    done = await visit.door.undo_replay(n, why=sent.reason())
    return refused_page(visit, done) if isinstance(done, Refused) else _to("/desk/replay#replays")


def _fields(sent: Fields) -> dict[str, str]:
    return {name: sent.one(name) for name in ("source", "since", "until", "message")}


def _choice(sent: dict[str, str]) -> Choice:
    """Which messages are meant.

    Raises:
        Incorrect: a day is none, or a number is none.
    """
    if said := sent["message"]:
        if (message := number(said)) is None:
            raise Incorrect("A message is a number.")
        return Choice(messages=(MessageId(message),))
    return Choice(source=sent["source"], since=_day(sent["since"]), until=_day(sent["until"]))


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise Incorrect("A day is a date, such as 2026-03-01.") from None


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=303)
