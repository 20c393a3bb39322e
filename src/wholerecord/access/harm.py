"""How much a wrong decision about who somebody is could hurt: to put the queue in order.

A wrong join shows one person another's allergies; a missed join hides them. So what counts is what
either record holds that changes treatment. A demonstration until a clinical safety officer signs.
"""

from wholerecord.fold import Kind, Record

#: What a decision that hides or shows entries of these kinds adds to the harm, once for each kind.
_KINDS = {Kind.ALLERGY: 4.0, Kind.MEDICINE: 3.0, Kind.CONDITION: 2.0, Kind.RESULT: 1.0}
#: Whom rules have joined is on screens now; whom they have not is only missing.
_JOINED = 2.0


def harm(*records: Record, joined: bool) -> float:
    """How much is at stake between these records, from 1. Any order gives the same."""
    kinds = {entry.kind for record in records for entry in record.entries}
    at_stake = 1.0 + sum(weight for kind, weight in _KINDS.items() if kind in kinds)
    return at_stake * (_JOINED if joined else 1.0)
