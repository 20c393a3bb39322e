"""The orders of a message: each OBR with what stands under it.

Text that goes on over several OBX of one code is one value. Source: HL7 v2.5.1 sections 7.3.1
(ORU_R01) and 4.4 (order messages).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from wholerecord.intake.hl7v2.lasting import Lasting, lasting
from wholerecord.intake.hl7v2.segment import Segment

_TEXT = frozenset({"ST", "TX", "FT"})
_UNDER = frozenset({"OBX", "NTE", "SPM", "TQ1"})


@dataclass(slots=True)
class Order:
    """One OBR with what stands under it. `obr` is None for OBX that stand under none."""

    obr: Segment | None
    orc: Segment | None
    lines: list["Line"] = field(default_factory=list["Line"])
    notes: list[Segment] = field(default_factory=list[Segment])
    specimens: list[Segment] = field(default_factory=list[Segment])
    timing: Segment | None = None


@dataclass(slots=True)
class Line:
    """One value: its OBX, further OBX that go on with its text, and its notes."""

    obx: Segment
    more: list[Segment] = field(default_factory=list[Segment])
    notes: list[Segment] = field(default_factory=list[Segment])
    _lasting: Lasting | None = None

    @property
    def lasting(self) -> Lasting:
        """What its OBX says but for value and times."""
        if self._lasting is None:
            self._lasting = lasting(self.obx)
        return self._lasting


def orders(group: Sequence[Segment]) -> list[Order]:
    """The orders of one patient's segments, in order. Every OBX is in exactly one."""
    said: list[Order] = []
    orc: Segment | None = None
    waiting: list[Segment] = []  # what stands between an ORC and its OBR
    for segment in group:
        if segment.name == "ORC":
            _left(said, orc, waiting)
            orc, waiting = segment, []
        elif segment.name == "OBR":
            said.append(Order(segment, orc))
            for each in waiting:
                _add(said[-1], each)
            orc, waiting = None, []
        elif segment.name in _UNDER:
            if orc is not None:
                waiting.append(segment)
            elif said:
                _add(said[-1], segment)
            elif segment.name == "OBX":
                _left(said, None, [segment])
    _left(said, orc, waiting)
    return said


def _left(said: list[Order], orc: Segment | None, waiting: Sequence[Segment]) -> None:
    """What no OBR came for: values stand in an order of their own."""
    if any(each.name == "OBX" for each in waiting):
        said.append(Order(None, orc))
        for each in waiting:
            _add(said[-1], each)


def _add(order: Order, segment: Segment) -> None:
    """What stands under an order: its notes until it has a value, then that value's."""
    match segment.name:
        case "OBX":
            _add_line(order, segment)
        case "NTE":
            (order.lines[-1].notes if order.lines else order.notes).append(segment)
        case "SPM":
            order.specimens.append(segment)
        case _:
            order.timing = order.timing or segment


def _add_line(order: Order, obx: Segment) -> None:
    """A new line, or the next part of the text of the line before."""
    last = order.lines[-1] if order.lines else None
    if last and not last.notes and _goes_on(last.obx, obx):
        last.more.append(obx)
    else:
        order.lines.append(Line(obx))


def _goes_on(first: Segment, then: Segment) -> bool:
    code = then.raw(3)
    return (
        code != ""
        and first.raw(3) == code  # mostly it is another: asked first
        and then.text(2).upper() in _TEXT
        and all(first.raw(n) == then.raw(n) for n in (2, 4, 6, 8, 11, 14))
    )
