"""The subject access pack: everything there is about a person, for them to take away.

Source: UK GDPR articles 15 and 20 (access, and in a form that machines read). All of it comes
through the door as their own look: what is withheld from them is not in it.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from html import escape

from starlette.responses import Response
from starlette.routing import Route

from wholerecord.access import Opened, Refused
from wholerecord.access.preferring import Decided
from wholerecord.audit import Opening
from wholerecord.consent import Purpose
from wholerecord.errors import NotFound
from wholerecord.fhir.record.audit_event import audit_event
from wholerecord.fhir.record.consent import consent
from wholerecord.fhir.record.entries import entry
from wholerecord.fhir.record.patient import patient
from wholerecord.portal import Site
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Visit, signed_in
from wholerecord.record import canonical

#: How a cell begins that a spreadsheet would take for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_LOOKS = (
    "when",
    "who",
    "role",
    "organisation",
    "what",
    "why",
    "reason given",
    "allowed",
    "because",
)
_LINES = ("kind", "what", "when", "said by", "code")


def routes(site: Site) -> list[Route]:
    """Where the person themselves takes it from."""
    return [signed_in(site, "/me/pack", _pack)]


async def _pack(visit: Visit) -> Response:
    """The pack of whoever is signed in."""
    person = visit.persona.person
    if person is None:
        raise NotFound("You are signed in as somebody who has no record here.")
    opened = await visit.door.open(person, purpose=Purpose.OWN_RECORD, part="pack")
    if isinstance(opened, Refused):
        return refused_page(visit, opened)
    decided = await visit.door.decided(person)
    if isinstance(decided, Refused):
        return refused_page(visit, decided)
    looks = await visit.door.who_looked(person, purpose=Purpose.OWN_RECORD)
    if isinstance(looks, Refused):
        return refused_page(visit, looks)
    return Response(
        packed(opened, decided, looks),
        media_type="application/zip",
        headers={
            "content-disposition": 'attachment; filename="my-record.zip"',
            "cache-control": "no-store",
        },
    )


def packed(opened: Opened, decided: Decided, looks: Sequence[Opening]) -> bytes:
    """The pack as a ZIP: a page to read, FHIR for programs, tables for spreadsheets."""
    resources = [
        patient(opened.person, opened.record),
        *(entry(opened.person, one) for one in opened.record.entries),
    ]
    files = {
        "read-me-first.html": _page(opened, decided, looks).encode(),
        "record.json": _bundle(resources),
        "choices.json": _bundle([consent(one) for one in decided.preferences]),
        "who-looked.json": _bundle([audit_event(look) for look in looks]),
        "record.csv": _table(_LINES, _lines(opened)),
        "who-looked.csv": _table(_LOOKS, _looks(looks)),
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, body in files.items():
            pack.writestr(name, body)
    return held.getvalue()


def _bundle(resources: Sequence[object]) -> bytes:
    return canonical(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": resource} for resource in resources],
        }
    )


def _lines(opened: Opened) -> Iterable[tuple[str, ...]]:
    titles = {feed.source.name: feed.source.title for feed in opened.feeds}
    for one in opened.record.entries:
        said = dict.fromkeys(titles.get(each.source, each.source) for each in one.said_by)
        code = f"{one.code.system}|{one.code.code}" if one.code else ""
        yield one.kind.value, one.title, one.when.say() if one.when else "", "; ".join(said), code


def _looks(looks: Sequence[Opening]) -> Iterable[tuple[str, ...]]:
    for look in looks:
        yield (
            look.at.isoformat(timespec="seconds"),
            look.name,
            look.role,
            look.organisation,
            look.view,
            look.purpose,
            look.given,
            "yes" if look.allowed else "no",
            look.reason,
        )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Comma-separated values that no spreadsheet runs."""
    lines = (",".join(map(_cell, row)) for row in (heads, *rows))
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")


def _cell(said: str) -> str:
    """One value, quoted, that is no formula."""
    plain = f"'{said}" if said.startswith(_FORMULA) else said
    return '"' + plain.replace('"', '""') + '"'


def _page(opened: Opened, decided: Decided, looks: Sequence[Opening]) -> str:
    """One page that needs nothing else to be read."""
    who = opened.record.who
    name = escape(str(who.best.name)) if who and who.best.name else "Name not said"
    parts = (
        ("What is written down about you", _LINES, _lines(opened)),
        (
            "What you decided",
            ("what", "since", "until"),
            (
                (one.words, one.at.date().isoformat(), one.ended.date().isoformat())
                if one.ended
                else (one.words, one.at.date().isoformat(), "")
                for one in decided.preferences
            ),
        ),
        ("Who looked", _LOOKS, _looks(looks)),
    )
    tables = "".join(_html(title, heads, rows) for title, heads, rows in parts)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>The record of {name}</title></head><body><h1>The record of {name}</h1>"
        f"<p>As it was on {opened.opening.at:%Y-%m-%d %H:%M} UTC. The other files say the same "
        f"for programs and spreadsheets.</p>{tables}</body></html>"
    )


def _html(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(each.capitalize())}</th>' for each in heads)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    rows_of = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f"<h2>{escape(title)}</h2><table>{rows_of}</table>"
