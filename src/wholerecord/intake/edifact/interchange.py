"""An interchange: its header, its messages, its trailer, and whether they agree.

Source: ISO 9735 (EDIFACT syntax, version 3), segments UNB, UNH, UNT and UNZ. A count that is wrong
may mean that something was lost on the way, so it is said, and what did come is still read. A
message that ends as another than it began may be two that ran into each other: it is not read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from wholerecord.intake.edifact.syntax import Segment
from wholerecord.intake.reading import Fault, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message from its UNH to its UNT.

    `broken` says why its segments cannot be trusted to be one message's; `doubt` that it may not be
    whole.
    """

    reference: str
    kind: str
    segments: tuple[Segment, ...]
    broken: Fault | None = None
    doubt: Fault | None = None


@dataclass(slots=True, kw_only=True)
class Interchange:
    """What was sent in one go. `header` is None where it begins without UNB."""

    header: Segment | None = None
    messages: list[Message] = field(default_factory=list[Message])
    faults: list[Fault] = field(default_factory=list[Fault])

    @property
    def sender(self) -> str:
        """Who sent it: the address in UNB S002, which is a laboratory's; "" when not said."""
        return self.header.text(2) if self.header else ""

    @property
    def reference(self) -> str:
        """The interchange control reference, UNB 0020."""
        return self.header.text(5) if self.header else ""


def interchange(said: Sequence[Segment]) -> Interchange:
    """The segments as an interchange. Every segment is in a message, or is a fault."""
    made = Interchange()
    begun: list[Segment] = []
    ended = False
    for segment in said:
        match segment.tag:
            case "UNB":
                made.header = made.header or segment
            case "UNH":
                _unfinished(made, begun)
                begun = [segment]
            case "UNT" if begun:
                made.messages.append(_message(begun, segment))
                begun = []
            case "UNZ":
                _unfinished(made, begun)
                begun, ended = [], True
                made.faults += _trailer_faults(made, segment)
            case _ if begun:
                begun.append(segment)
            case _:
                made.faults.append(_stray(segment))
    _unfinished(made, begun)
    if made.header is None:
        made.faults.append(Fault(reason=Reason.CUT_SHORT, place="UNB", detail="no header"))
    elif not ended:
        made.faults.append(Fault(reason=Reason.CUT_SHORT, place="UNZ", detail="no trailer"))
    return made


def _message(begun: Sequence[Segment], trailer: Segment) -> Message:
    header = begun[0]
    broken = doubt = None
    if trailer.text(2) != header.text(1):
        broken = Fault(
            reason=Reason.BAD_VALUE, place=trailer.place, detail="not the message that began"
        )
    elif trailer.text(1) != str(len(begun) + 1):
        detail = f"{len(begun) + 1} segments came, {_number(trailer.text(1))} are said"
        doubt = Fault(reason=Reason.BAD_VALUE, place=trailer.place, detail=detail)
    return Message(
        reference=header.text(1),
        kind=header.text(2),
        segments=tuple(begun),
        broken=broken,
        doubt=doubt,
    )


def _unfinished(made: Interchange, begun: Sequence[Segment]) -> None:
    """A message that another began within, or that nothing ended."""
    if begun:
        fault = Fault(reason=Reason.CUT_SHORT, place=begun[0].place, detail="no UNT ends it")
        made.messages.append(
            Message(
                reference=begun[0].text(1),
                kind=begun[0].text(2),
                segments=tuple(begun),
                broken=fault,
            )
        )


def _trailer_faults(made: Interchange, trailer: Segment) -> list[Fault]:
    faults: list[Fault] = []
    if trailer.text(1) != str(len(made.messages)):
        detail = f"{len(made.messages)} messages came, {_number(trailer.text(1))} are said"
        faults.append(Fault(reason=Reason.BAD_VALUE, place=trailer.place, detail=detail))
    if made.header is not None and trailer.text(2) != made.reference:
        detail = "not the interchange that began"
        faults.append(Fault(reason=Reason.BAD_VALUE, place=trailer.place, detail=detail))
    return faults


def _number(said: str) -> str:
    """What a count says, where it is one: anything else could be anything."""
    return said if said.isascii() and said.isdigit() and len(said) < 10 else "no number"


def _stray(segment: Segment) -> Fault:
    return Fault(reason=Reason.NOT_READ_YET, place=segment.place, detail="outside any message")
