"""Letters and scans: kept, hashed, typed, dated; their text read where there is text."""

from wholerecord.intake.letters.beside import TooLargeTogether, joined, pairs
from wholerecord.intake.letters.declared import NotDeclared, by_software, declaration
from wholerecord.intake.letters.kinds import media_of
from wholerecord.intake.letters.read import is_letter, read
from wholerecord.intake.letters.sidecar import is_together, together

__all__ = [
    "NotDeclared",
    "TooLargeTogether",
    "by_software",
    "declaration",
    "is_letter",
    "is_together",
    "joined",
    "media_of",
    "pairs",
    "read",
    "together",
]
