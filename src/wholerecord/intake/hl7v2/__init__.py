"""HL7 v2 messages: read into sayings, and acknowledged."""

from wholerecord.intake.hl7v2.acknowledge import ack
from wholerecord.intake.hl7v2.escapes import STANDARD, Delimiters, escape, unescape
from wholerecord.intake.hl7v2.heading import Heading, heading, is_one
from wholerecord.intake.hl7v2.read import read

__all__ = [
    "STANDARD",
    "Delimiters",
    "Heading",
    "ack",
    "escape",
    "heading",
    "is_one",
    "read",
    "unescape",
]
