"""HL7 v2 over MLLP: a listener that acknowledges what is durable, and a sender."""

from wholerecord.intake.mllp.connection import NotNow, Tally
from wholerecord.intake.mllp.limits import LARGEST_FRAME, Limits
from wholerecord.intake.mllp.listen import Listener, serve
from wholerecord.intake.mllp.send import Answer, NotAnswered, WrongAnswer, deliver, send

__all__ = [
    "LARGEST_FRAME",
    "Answer",
    "Limits",
    "Listener",
    "NotAnswered",
    "NotNow",
    "Tally",
    "WrongAnswer",
    "deliver",
    "send",
    "serve",
]
