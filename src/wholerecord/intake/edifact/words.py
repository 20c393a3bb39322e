"""Dates and texts as the messages write them.

Source: ISO 9735 component lengths: a name is written in parts of 35 characters, free text in parts
of 70. A part that is full goes on in the next without a space; a shorter one ended its line.
"""

from collections.abc import Sequence

from wholerecord.intake.edifact import tables
from wholerecord.intake.edifact.syntax import Segment
from wholerecord.intake.hl7v2.moments import moment

NAME, TEXT = 35, 70


def joined(parts: Sequence[str], full: int, between: str = " ") -> str:
    """The parts as one text.

    >>> joined(["x" * 35, "y"], NAME) == "x" * 35 + "y", joined(["Results repeated", "low"], TEXT)
    (True, 'Results repeated low')
    """
    said = [part if len(part) >= full else f"{part}{between}" for part in parts]
    return "".join(said).strip()


def free_text(segments: Sequence[Segment], subject: str) -> str:
    """Every FTX about `subject` (CID, RIT, SPC, …), one line for each."""
    lines = [
        joined(one.parts(4), TEXT)
        for one in segments
        if one.tag == "FTX" and one.text(1) == subject
    ]
    return "\n".join(line for line in lines if line)


def when(segments: Sequence[Segment], qualifier: str) -> str:
    """The DTM of a qualifier as a FHIR dateTime; "" when it is not said or is no date."""
    for one in segments:
        if one.tag == "DTM" and one.text(1) == qualifier:
            said = one.text(1, 2)
            return moment(said) if len(said) == tables.DATES.get(one.text(1, 3), -1) else ""
    return ""


def bad_dates(segments: Sequence[Segment]) -> list[Segment]:
    """The DTM that say something that is no date of their format."""
    return [
        one
        for one in segments
        if one.tag == "DTM" and one.text(1, 2) and not when([one], one.text(1))
    ]
