"""Entries that are shown as labelled texts, of whatever type their statement is."""

from wholerecord.fold.document_said import CompositionSaid, text_of_section
from wholerecord.fold.entry import made
from wholerecord.fold.measure_said import ObservationSaid, value_of
from wholerecord.fold.plain_said import PlainSaid
from wholerecord.fold.record import Entry, Kind
from wholerecord.fold.request import request_or_plain
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Group, Told, newest_first
from wholerecord.nhs import PartialDate

#: Our word for each FHIR status of whatever type.
STATUSES = {
    "active": "active",
    "in-progress": "active",
    "current": "active",
    "accepted": "active",
    "arrived": "active",
    "checked-in": "active",
    "requested": "planned",
    "booked": "planned",
    "pending": "planned",
    "proposed": "planned",
    "planned": "planned",
    "draft": "planned",
    "waitlist": "planned",
    "on-hold": "active",
    "onhold": "active",
    "suspended": "stopped",
    "inactive": "stopped",
    "completed": "resolved",
    "finished": "resolved",
    "fulfilled": "resolved",
    "ended": "stopped",
    "revoked": "stopped",
    "cancelled": "stopped",
    "rejected": "stopped",
    "noshow": "stopped",
    "final": "final",
    "amended": "corrected",
    "corrected": "corrected",
    "preliminary": "preliminary",
}


def plain_entry(group: Group[Shape], kind: Kind, unnamed: str) -> Entry:
    """An entry of labelled texts: the newest statement's words first, nothing dropped."""
    each = newest_first(group.told)
    best = each[0]
    lines = tuple(dict.fromkeys(line for one in each for line in lines_of(one)))
    return made(
        group,
        kind,
        title=best.said.words or unnamed,
        code=best.said.codes[0] if best.said.codes else None,
        when=best.at,
        until=_until(best.body),
        status=STATUSES.get(best.said.status, "unknown"),
        detail=request_or_plain(best, lines),
    )


def _until(body: Shape) -> PartialDate | None:
    if not isinstance(body, PlainSaid):
        return None
    return PartialDate.parse(body.ended)


def lines_of(told: Told[Shape]) -> tuple[tuple[str, str], ...]:
    """What a statement says, labelled."""
    body = told.body
    if isinstance(body, PlainSaid):
        return body.lines
    if isinstance(body, CompositionSaid):
        return tuple(
            (section.title or section.code.words or "Section", text_of_section(section))
            for section in body.section
        )
    if isinstance(body, ObservationSaid):
        unit = body.value_quantity.unit if body.value_quantity else ""
        parts = ((part.code.words, value_of(part)) for part in body.component)
        said = (
            (told.said.words, f"{value_of(body)} {unit}".strip()),
            *parts,
            *(("Notes", note.text) for note in body.note),
        )
        return tuple((label, value) for label, value in said if value)
    return (("What", told.said.words),) if told.said.words else ()
