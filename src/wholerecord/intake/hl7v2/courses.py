"""The pharmacy orders of a message: each ORC with its RX segments.

Source: HL7 v2.5.1 sections 4.13 (OMP, RDE, RDS, RAS) and 4A; VXU_V04 in chapter 4. An order is told
by its ORC, and where there is none by the RXO, RXE, RXA or RXD that begins it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from wholerecord.intake.hl7v2.orders import Line
from wholerecord.intake.hl7v2.segment import Segment


@dataclass(slots=True)
class Given:
    """One RXA or RXD with the routes, notes and values that stand under it."""

    head: Segment
    routes: list[Segment] = field(default_factory=list[Segment])
    notes: list[Segment] = field(default_factory=list[Segment])
    lines: list[Line] = field(default_factory=list[Line])


@dataclass(slots=True)
class Course:
    """One order of a medicine: what was asked for, and what was given or dispensed of it."""

    orc: Segment | None
    asked: Segment | None = None  # RXO
    encoded: Segment | None = None  # RXE
    timings: list[Segment] = field(default_factory=list[Segment])
    routes: list[Segment] = field(default_factory=list[Segment])
    parts: list[Segment] = field(default_factory=list[Segment])  # RXC
    notes: list[Segment] = field(default_factory=list[Segment])
    lines: list[Line] = field(default_factory=list[Line])
    given: list[Given] = field(default_factory=list[Given])

    @property
    def of_medicine(self) -> bool:
        """Whether any RX segment stands in it."""
        return bool(self.asked or self.encoded or self.given)


def courses(group: Sequence[Segment]) -> list[Course]:
    """The pharmacy orders of one patient's segments, in order."""
    said: list[Course] = []
    for segment in group:
        name = segment.name
        begins = name in {"RXO", "RXE", "RXA", "RXD"} and _begins(said, name)
        if name == "ORC" or begins:
            said.append(Course(segment if name == "ORC" else None))
        if said and name != "ORC":
            _add(said[-1], segment)
    return [course for course in said if course.of_medicine]


def _begins(said: Sequence[Course], name: str) -> bool:
    """Whether a segment begins an order that has no ORC of its own."""
    if not said:
        return True
    last = said[-1]
    if name == "RXO":
        return last.of_medicine
    return name == "RXE" and (last.encoded is not None or bool(last.given))


def _add(course: Course, segment: Segment) -> None:
    last = course.given[-1] if course.given else None
    under = last or course
    match segment.name:
        case "RXO":
            course.asked = segment
        case "RXE":
            course.encoded = segment
        case "RXA" | "RXD":
            course.given.append(Given(segment))
        case "RXR":
            under.routes.append(segment)
        case "RXC":
            course.parts.append(segment)
        case "TQ1":
            course.timings.append(segment)
        case "NTE":
            (under.lines[-1].notes if under.lines else under.notes).append(segment)
        case "OBX":
            under.lines.append(Line(segment))
        case _:
            pass
