"""The Personal Demographics Service asked who somebody is: never while a record is waited for.

What it answers is kept as one more source's message, and links, or not, by the same rules.
Source: PDS FHIR API (R4), "Get patient details", "Search for a patient", error responses.
"""

from wholerecord.intake.pds.answer import Demographic, Nothing, Why
from wholerecord.intake.pds.change import Change
from wholerecord.intake.pds.client import PdsOverHttp, from_environment
from wholerecord.intake.pds.correct import NoPatch, changes_of, correct
from wholerecord.intake.pds.port import Pds
from wholerecord.intake.pds.verify import Verdict, arrival, verify

__all__ = [
    "Change",
    "Demographic",
    "NoPatch",
    "Nothing",
    "Pds",
    "PdsOverHttp",
    "Verdict",
    "Why",
    "arrival",
    "changes_of",
    "correct",
    "from_environment",
    "verify",
]
