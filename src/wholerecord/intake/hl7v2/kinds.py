"""Which messages are read, by type and event, and which they are.

Source: HL7 v2.9 appendix A tables 0076 (message type) and 0003 (event); a version before 2.3.1 may
leave the event to EVN-1, or the type alone say it.
"""

from dataclasses import dataclass

from wholerecord.intake.hl7v2.message import Message
from wholerecord.intake.reading import Fault, Reason

#: Events of chapter 3 that are about no patient, or are questions and their answers.
_NOT_OF_PATIENTS = frozenset({"A19", "A20"})
_ADT = frozenset(f"A{n:02}" for n in range(1, 63)) - _NOT_OF_PATIENTS
#: Events that say two of the source's patients are one (A47: a number was wrong all along).
MERGES = frozenset(["A18", "A30", "A34", "A36", "A39", "A40", "A46", "A47"])
#: Events with two PIDs that say they are one patient, and that they are not.
LINKS, UNLINKS = frozenset({"A24"}), frozenset({"A37"})
#: Events that move a visit, account or number from the patient of MRG-1 to that of the PID.
MOVES = frozenset({"A43", "A44", "A45"})
#: Events after which a visit goes by another number than that of MRG-5.
RENUMBERS = frozenset({"A42", "A50"})
_ANY: frozenset[str] = frozenset()


def _events(letter: str, first: int, last: int) -> frozenset[str]:
    return frozenset(f"{letter}{n:02}" for n in range(first, last + 1))


#: What is read of each type: its events, none for any.
_READ = {
    "ADT": _ADT,
    "BAR": _ANY,
    "DFT": _ANY,
    "MDM": _events("T", 1, 11),
    "OMG": _ANY,
    "OMI": _ANY,
    "OML": _ANY,
    "OMP": _ANY,
    "ORM": _ANY,
    "ORU": _ANY,
    "OUL": _ANY,
    "PPR": frozenset({"PC1", "PC2", "PC3"}),
    "RAS": _ANY,
    "RDE": _ANY,
    "RDS": _ANY,
    "REF": _ANY,
    "RGV": _ANY,
    "SIU": _events("S", 12, 27),
    "VXU": _ANY,
}
#: Types that are one thing, before the standard said its event.
_ALONE = {"ORU": "R01", "ORM": "O01", "VXU": "V04"}


@dataclass(frozen=True, slots=True)
class Sort:
    """A message's type (`ADT`) and event (`A01`)."""

    kind: str
    event: str


def sort_of(message: Message) -> Sort | Fault:
    """What the message is, or why it is not read."""
    msh = message.msh
    kind, event = msh.text(9).upper(), msh.text(9, 2).upper()
    version = msh.text(12)
    if version and not version.startswith("2"):
        return Fault(reason=Reason.OTHER_VERSION, place="MSH-12", detail=version[:20])
    if not kind:
        return Fault(reason=Reason.BAD_VALUE, place="MSH-9", detail="no message type")
    if "_" in kind:  # a structure (`ADT_A01`) where the type belongs
        kind, _, structure = kind.partition("_")
        event = event or structure
    if not event:
        evn = message.first("EVN")
        event = (evn.text(1).upper() if evn is not None else "") or _ALONE.get(kind, "")
    events = _READ.get(kind)
    if events is not None and (event in events or (events is _ANY)):
        return Sort(kind, event)
    name = f"{kind}^{event}" if event else kind
    return Fault(reason=Reason.NOT_READ_YET, place="MSH-9", detail=name[:20])
