"""HL7 v2 over MLLP: a listener that acknowledges what is durable, and a sender."""

from wholerecord.intake.mllp.listen import LARGEST_FRAME, Listener, Tally, serve
from wholerecord.intake.mllp.send import Answer, NotAnswered, send

__all__ = ["LARGEST_FRAME", "Answer", "Listener", "NotAnswered", "Tally", "send", "serve"]
