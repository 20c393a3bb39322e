"""The one door to a person's record."""

from wholerecord.access.opening import (
    Actor,
    Ask,
    DecideAccess,
    Facts,
    Opened,
    Openings,
    Refused,
    Verdict,
)

__all__ = [
    "Actor",
    "Ask",
    "DecideAccess",
    "Facts",
    "Opened",
    "Openings",
    "Refused",
    "Verdict",
]
