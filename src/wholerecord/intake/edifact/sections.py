"""A report taken apart into its groups.

Source: NHS pathology messages NHS002, NHS003, NHS004. A group begins with its own segment (S01
parties, S02 the report, S06 and S07 the patient, S10 clinical information, S16 specimens, S20
ranges); an investigation begins with GIS after the first specimen.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from wholerecord.intake.edifact.syntax import Segment

_GROUP = re.compile(r"S\d\d", re.ASCII)
#: Segments that are read, by the group they stand in; "" is before any.
_READ = {
    "": frozenset({"UNH", "BGM", "DTM"}),
    "S01": frozenset({"NAD", "SPR", "RFF"}),
    "S02": frozenset({"GIS", "RFF", "STS", "DTM", "FTX"}),
    "S06": frozenset({"RFF", "ADR"}),
    "S07": frozenset({"PNA", "DTM", "PDI"}),
    "S10": frozenset({"CIN", "FTX"}),
    "S16": frozenset({"SEQ", "SPC", "PRC", "RFF", "QTY", "DTM", "FTX"}),
    "test": frozenset({"GIS", "INV", "SEQ", "RSL", "STS", "FTX", "RFF", "DTM"}),
    "S20": frozenset({"RND", "FTX"}),
}


@dataclass(slots=True)
class Test:
    """One investigation: its segments, and the ranges it is compared with."""

    segments: list[Segment] = field(default_factory=list[Segment])
    ranges: list[list[Segment]] = field(default_factory=list[list[Segment]])


@dataclass(slots=True)
class Sections:
    """A message's segments by group. `unread` stand where nothing is known of them."""

    before: list[Segment] = field(default_factory=list[Segment])
    parties: list[list[Segment]] = field(default_factory=list[list[Segment]])
    report: list[Segment] = field(default_factory=list[Segment])
    where: list[Segment] = field(default_factory=list[Segment])
    patients: list[list[Segment]] = field(default_factory=list[list[Segment]])
    clinical: list[Segment] = field(default_factory=list[Segment])
    specimens: list[list[Segment]] = field(default_factory=list[list[Segment]])
    tests: list[Test] = field(default_factory=list[Test])
    unread: list[Segment] = field(default_factory=list[Segment])


def sections(segments: Sequence[Segment]) -> Sections:
    """The groups of one message. Every segment is in exactly one, or among `unread`."""
    made = Sections()
    group, into = "", made.before
    for segment in segments:
        if _GROUP.fullmatch(segment.tag):
            group, into = segment.tag, _begin(made, segment.tag)
            continue
        if segment.tag == "GIS" and group not in {"", "S01", "S02", "S06"}:
            made.tests.append(Test())
            group, into = "test", made.tests[-1].segments
        if segment.tag in _READ.get(group, ()):
            into.append(segment)
        else:
            made.unread.append(segment)
    return made


def _begin(made: Sections, tag: str) -> list[Segment]:
    """Where the segments of a group that begins go."""
    match tag:
        case "S02":
            return made.report
        case "S06":
            return made.where
        case "S10":
            return made.clinical
        case "S20" if made.tests:
            made.tests[-1].ranges.append([])
            return made.tests[-1].ranges[-1]
        case "S01" | "S07" | "S16":
            groups = {"S01": made.parties, "S07": made.patients, "S16": made.specimens}[tag]
            groups.append([])
            return groups[-1]
        case _:
            return made.unread
