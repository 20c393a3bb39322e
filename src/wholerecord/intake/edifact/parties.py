"""Who asked, who is told, who reports: S01 as FHIR references.

Source: NHS pathology messages, segments NAD (PO requester, MR recipient, SLA service provider) and
SPR (PRO person, ORG organisation, DPT department). A party is named where it is meant: a laboratory
names no address by which a directory could tell two departments apart.
"""

from collections.abc import Sequence
from typing import Any

from wholerecord.intake.edifact import tables
from wholerecord.intake.edifact.syntax import Segment
from wholerecord.intake.edifact.words import NAME, joined

Json = dict[str, Any]


def parties(groups: Sequence[Sequence[Segment]], role: str) -> list[Json]:
    """References to the parties in one role, people before organisations and departments."""
    found: list[tuple[int, Json]] = []
    for group in groups:
        nad = next((one for one in group if one.tag == "NAD"), None)
        if nad is None or nad.text(1) != role:
            continue
        kind = next((one.text(1) for one in group if one.tag == "SPR"), "")
        if said := _reference(nad):
            found.append((("PRO", "ORG", "DPT").index(kind) if kind in _KINDS else 3, said))
    return [said for _, said in sorted(found, key=lambda each: each[0])]


_KINDS = frozenset({"PRO", "ORG", "DPT"})


def _reference(nad: Segment) -> Json:
    """A reference by national code where there is one, and by name; empty when it says neither."""
    said: Json = {}
    code, listed = nad.text(2), nad.text(2, 2)
    if code:
        said["identifier"] = {"value": code}
        system = tables.STAFF.get(listed) or (tables.ODS if listed in {"901", "903"} else "")
        if system:
            said["identifier"]["system"] = system
    name = joined(nad.parts(4), NAME) or joined(nad.parts(3), NAME)
    if name and name.upper() != "UNKNOWN":
        said["display"] = name
    return said
