"""How far a line of therapy has got, and whether it goes on.

Source: FHIR R4 medicationrequest-status, medication-statement-status, medicationdispense-status,
medication-admin-status. A dispense or administration that is completed says nothing about whether
the therapy has ended; one that did not take place says nothing of how far it has got.
"""

from wholerecord.fold.entry import and_list
from wholerecord.fold.medicine_said import (
    Dispensed,
    Given,
    MedicineSaid,
    MedicineShape,
    Ordered,
    Reported,
)
from wholerecord.fold.told import Told

_STATUS = {
    "active": "active",
    "on-hold": "active",
    "completed": "stopped",
    "stopped": "stopped",
    "cancelled": "stopped",
    "ended": "stopped",
    "not-taken": "stopped",
    "draft": "planned",
    "intended": "planned",
}
_WORDS = {"active": "current", "stopped": "ended", "planned": "planned"}
#: The types that say whether a therapy goes on.
SAYS_WHETHER = (Ordered, Reported)
#: A dose that was refused or withheld; a dispense that was called off, or is not made up yet.
_NOT_DONE = frozenset({"not-done", "declined", "cancelled", "preparation"})
NOT_GIVEN = "not given"
#: What says that a medicine is taken, or is to be: the `Medication` itself says only what it is.
_USED = frozenset[type]({Ordered, Reported, Dispensed, Given})
_FURTHEST = (
    (Given, "administered"),
    (Dispensed, "dispensed"),
    (Ordered, "prescribed"),
)


def status_of(newest: list[Told[MedicineSaid]]) -> tuple[str, str]:
    """Active while any source's newest order or report says so; in words where sources disagree.

    `newest` are the statements, newest first.
    """
    by_source: dict[str, str] = {}
    for one in reversed(newest):
        state = _STATUS.get(one.said.status) if isinstance(one.body, SAYS_WHETHER) else None
        # An order that goes on is not ended by the end of another.
        if state and by_source.get(one.said.source) != "active":
            by_source[one.said.source] = state
    states = set(by_source.values())
    if not states:
        return "unknown", ""
    if len(states) == 1:
        return states.pop(), ""
    status = "active" if "active" in states else "planned" if "planned" in states else "stopped"
    stopped = and_list(source for source, state in by_source.items() if state == "stopped")
    if status != "active" or not stopped:
        return status, ""
    active = and_list(source for source, state in by_source.items() if state == "active")
    return status, f"{active} says it is current; {stopped} says it has ended."


def word_of(one: Told[MedicineSaid]) -> str:
    """What it says of taking the medicine, as `Word.says` has it."""
    body, status = one.body, one.said.status
    if isinstance(body, SAYS_WHETHER):
        return "on hold" if status == "on-hold" else _WORDS.get(_STATUS.get(status, ""), "")
    if isinstance(body, Given | Dispensed) and status not in _NOT_DONE:
        return "given" if isinstance(body, Given) else "handed out"
    return ""


def state_of(told: list[Told[MedicineSaid]], status: str) -> str:
    """The furthest said: prescribed, dispensed, administered, reported; stopped when it ended.

    "not given" where all that is said is that a dose or a dispense did not take place.
    """
    if status == "stopped":
        return "stopped"
    said = {type(one.body) for one in told if one.said.status not in _NOT_DONE}
    if not said & _USED and any(one.said.status in _NOT_DONE for one in told):
        return NOT_GIVEN
    return next((state for kind, state in _FURTHEST if kind in said), "reported")


def stopped_because(newest: list[Told[MedicineSaid]]) -> str:
    """The newest reason for stopping of statements newest first, "" when none is said."""
    for one in newest:
        if isinstance(one.body, MedicineShape) and (why := one.body.stopped_because):
            return why
    return ""
