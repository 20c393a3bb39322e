"""The one door to a person's record."""

from wholerecord.access.door import Desk, Door, Doorway, Found, Original, Store
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
from wholerecord.access.reckon import Reckoning, reckon

__all__ = [
    "Actor",
    "Ask",
    "DecideAccess",
    "Desk",
    "Door",
    "Doorway",
    "Facts",
    "Found",
    "Opened",
    "Openings",
    "Original",
    "Reckoning",
    "Refused",
    "Store",
    "Verdict",
    "reckon",
]
