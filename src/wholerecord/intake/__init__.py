"""Messages in: kept before anything reads them, read without raising, filed once."""

from wholerecord.intake.file import filing
from wholerecord.intake.inbox import (
    Counts,
    Feed,
    Filed,
    Filing,
    Inbox,
    Parked,
    PatientFiling,
    Prepare,
)
from wholerecord.intake.reading import (
    Arrival,
    Fault,
    Kept,
    Merge,
    PatientReading,
    Reading,
    Reason,
    Receipt,
    Unmerge,
    Unreadable,
)

__all__ = [
    "Arrival",
    "Counts",
    "Fault",
    "Feed",
    "Filed",
    "Filing",
    "Inbox",
    "Kept",
    "Merge",
    "Parked",
    "PatientFiling",
    "PatientReading",
    "Prepare",
    "Reading",
    "Reason",
    "Receipt",
    "Unmerge",
    "Unreadable",
    "filing",
]
