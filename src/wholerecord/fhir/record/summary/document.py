"""The document: the Composition with its sections, what they hold, and where each came from. Pure.

An empty section is never "none": it is not known, unless a source said so, and then that source is
named. Where there is something, whoever denies it stands in the text alone: a negative never hides
a positive, and is no entry beside one. A document travels, so it says nothing of what is withheld,
not even to staff, whom their screen tells: it is the document of a record without it.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from wholerecord.access import Opened
from wholerecord.care.heard import nothing
from wholerecord.care.sheet import negative_line
from wholerecord.care.titles import Titles, titles_of
from wholerecord.care.transferred import DEMONSTRATION, named, told, transfers_of
from wholerecord.fhir.record.provenance import made_of
from wholerecord.fhir.record.said_by import HL7, Json
from wholerecord.fhir.record.summary.narrative import narrative
from wholerecord.fhir.record.summary.pieces import Pieces
from wholerecord.fhir.record.summary.resources import address, denial, subject
from wholerecord.fhir.record.summary.sections import SECTIONS, Placed, Section, placed
from wholerecord.fhir.record.summary.vaccines import due_now
from wholerecord.fold import Negative

IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition"
_LOINC = "http://loinc.org"
_DEMONSTRATION = "Demonstration software with invented people: not for the care of real people."
_AUTHOR = address("Device", "wholerecord")


def document(opened: Opened, version: str, pieces: Pieces | None = None) -> Json:
    """The summary of an opened record as a document Bundle, as of the moment it was opened.

    `pieces` are those of its entries that were made before.
    """
    at = opened.opening.at
    pieces = pieces or Pieces(opened.person, titles_of(opened.feeds))
    stands = placed(opened.record)
    holds: dict[str, Json] = {}
    sections = [_section(opened, section, stands, holds, pieces) for section in SECTIONS]
    about = address("Patient", opened.person)
    entries = {
        address("Composition", opened.person): _composition(opened, sections, stands, at),
        about: subject(opened.person, opened.record),
        _AUTHOR: _author(version),
        **holds,
    }
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [f"{IPS}/Bundle-uv-ips"]},
        "identifier": {
            "system": "urn:ietf:rfc:3986",
            "value": f"urn:uuid:{uuid5(NAMESPACE_URL, f'{opened.person} {at.isoformat()}')}",
        },
        "type": "document",
        "timestamp": at.isoformat(),
        "entry": [{"fullUrl": url, "resource": found} for url, found in entries.items()],
    }


def _composition(opened: Opened, sections: list[Json], stands: Placed, at: datetime) -> Json:
    who = opened.record.who
    restricted = bool(who and who.best.restricted)
    return {
        "resourceType": "Composition",
        "id": opened.person,
        "meta": {"profile": [f"{IPS}/Composition-uv-ips"]},
        "text": narrative((), (_DEMONSTRATION, *_left(stands))),
        "status": "final",
        "type": {
            "coding": [{"system": _LOINC, "code": "60591-5", "display": "Patient summary Document"}]
        },
        "subject": {"reference": address("Patient", opened.person)},
        "date": at.isoformat(),
        "author": [{"reference": _AUTHOR}],
        "title": "International Patient Summary",
        "confidentiality": "R" if restricted else "N",
        "section": sections,
    }


def _left(stands: Placed) -> Iterator[str]:
    if stands.left:
        entries = "entry" if stands.left == 1 else "entries"
        yield f"{stands.left:,} more {entries} of the record stand in no section of a summary."


def _section(
    opened: Opened, section: Section, stands: Placed, holds: dict[str, Json], pieces: Pieces
) -> Json:
    """The section; what it refers to is put into `holds`, each with its Provenance."""
    titles = titles_of(opened.feeds)
    denials = [one for one in opened.record.negatives if one.kind is section.none_of]
    lines = [negative_line(one, titles) for one in denials]
    found: Json = {
        "title": section.title,
        "code": {"coding": [{"system": _LOINC, "code": section.code}]},
    }
    here: list[Json] = []
    here_are = [pieces.of(entry, section.slug) for entry in stands.entries[section.slug]]
    for piece in here_are:
        holds[piece.url] = piece.resource
        holds[piece.whence_url] = piece.whence
        here.append({"reference": piece.url})
    shown = [piece.line for piece in here_are]
    due = due_now(opened, opened.opening.at.date(), holds) if section.slug == "plan" else None
    if due is not None:
        holds[due.url] = due.resource
        holds[address("Provenance", due.resource["id"])] = due.whence
        here.append({"reference": due.url})
        shown += due.lines
    if not here:
        here = [_denied(opened, one, titles, holds) for one in denials]
    notes = [*_moved(opened, titles)] if section.slug == "medications" else []
    if here:
        return found | {"text": narrative([*shown, *lines], notes), "entry": here}
    said = f"Not known. {nothing(opened.feeds, opened.opening.at, withheld=0)}."
    coding = {"system": f"{HL7}/list-empty-reason", "code": "unavailable"}
    return found | {
        "text": narrative((), (said, *notes)),
        "emptyReason": {"coding": [coding], "text": said},
    }


def _moved(opened: Opened, titles: Titles) -> Iterator[str]:
    """What changed of medicines at the last transfers of care, a paragraph each."""
    for one in transfers_of(opened, opened.opening.at.date()):
        lines = (f"{line.entry.title}: {'; '.join(told(line, titles))}" for line in one.lines)
        if one.lines:
            yield f"{named(one, titles)}. {'. '.join(lines)}. {DEMONSTRATION}"


def _denied(opened: Opened, negative: Negative, titles: Titles, holds: dict[str, Json]) -> Json:
    """A reference to one source's word that there is none."""
    one = denial(opened.person, negative)
    url = address(one["resourceType"], one["id"])
    holds[url] = one
    holds[address("Provenance", one["id"])] = made_of(
        one["id"], (negative.said,), url, titles, why="One source says that there is none."
    )
    return {"reference": url}


def _author(version: str) -> Json:
    return {
        "resourceType": "Device",
        "id": "wholerecord",
        "deviceName": [{"name": "Wholerecord", "type": "manufacturer-name"}],
        "version": [{"value": version}],
        "note": [{"text": _DEMONSTRATION}],
    }
