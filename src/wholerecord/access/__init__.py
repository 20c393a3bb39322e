"""The one door to a person's record."""

from wholerecord.access.deed import Acts, Deed, Done, Join, Release, Rule, Unlink, Veto, Withdraw
from wholerecord.access.desk import Desk
from wholerecord.access.door import Door, Doorway, Found
from wholerecord.access.doorstep import Doorstep
from wholerecord.access.explaining import Explained
from wholerecord.access.limits import Limits
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
from wholerecord.access.original import Original
from wholerecord.access.pieces import Piece
from wholerecord.access.reckon import Reckoning, reckon
from wholerecord.access.store import Store

__all__ = [
    "Actor",
    "Acts",
    "Ask",
    "DecideAccess",
    "Deed",
    "Desk",
    "Done",
    "Door",
    "Doorstep",
    "Doorway",
    "Explained",
    "Facts",
    "Found",
    "Join",
    "Limits",
    "Opened",
    "Openings",
    "Original",
    "Piece",
    "Reckoning",
    "Refused",
    "Release",
    "Rule",
    "Store",
    "Unlink",
    "Verdict",
    "Veto",
    "Withdraw",
    "reckon",
]
