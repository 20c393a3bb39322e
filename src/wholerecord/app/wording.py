"""What a message to a person says: that somebody looked; and who, where they asked for that.

It says nothing of what is in the record, and by itself not who looked: a phone or a letter box is
not always read by its owner alone.
"""

from wholerecord.access.outbox import Dispatch
from wholerecord.portal.patient.looks import looks

SUBJECT = "Somebody looked at your health record"


def words_of(dispatch: Dispatch) -> str:
    """Two or three plain sentences."""
    [look] = looks([dispatch.look], me="", places={})
    who = f"{look.who}, {look.role}{look.at_place}," if dispatch.says_who else "Somebody"
    what, why = (look.what, f" {look.why}") if dispatch.says_who else ("your health record", "")
    return (
        f"{who} looked at {what}{why} on {look.at}. "
        "Sign in to see everybody who looked, and why. If it seems wrong, say so there: "
        "you will get a reply."
    )
