"""Which acknowledgements a message is answered with, by the mode its sender asks for.

Source: HL7 v2.5.1 sections 2.9.2 (original mode) and 2.9.3 (enhanced mode), tables 0008 and 0155.

In original mode there is one answer: AA, AE or AR. A message that values MSH-15 or MSH-16 asks for
enhanced mode: an accept acknowledgement (CA, CE, CR) when MSH-15 says so, then, for what was taken,
an application acknowledgement (AA) when MSH-16 says so; where no accept acknowledgement is asked
for, that one says AE or AR too. Every one of them is written after the commit and none before:
"taken" here means durable, and that whatever cannot be filed will be work with an owner. What
neither is asked for (NE and NE) is kept without a word.
"""

from datetime import datetime

import msgspec

from wholerecord.intake.hl7v2 import Heading, ack
from wholerecord.intake.mllp.frames import framed


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """What became of a message: `letter` is A (taken), E (put it right) or R (send it later)."""

    letter: str
    text: str = ""
    at: datetime | None = None


def answers(said: Heading, outcome: Outcome) -> bytes:
    """The frames that answer a message; none where its sender wants none."""
    accept, application = said.accept, said.application
    if not (accept or application):
        return framed(ack(said, "A" + outcome.letter, outcome.text, at=outcome.at))
    frames = b""
    if _wants(accept, outcome):
        frames += framed(ack(said, "C" + outcome.letter, outcome.text, at=outcome.at))
    if _wants(application, outcome) and (outcome.letter == "A" or not _wants(accept, outcome)):
        frames += framed(ack(said, "A" + outcome.letter, outcome.text, at=outcome.at))
    return frames


def _wants(condition: str, outcome: Outcome) -> bool:
    """Whether the condition (table 0155) holds. One that nobody knows is heard as "always"."""
    if condition in {"", "NE"}:
        return False
    if condition == "ER":
        return outcome.letter != "A"
    return condition != "SU" or outcome.letter == "A"
