"""What ORC says of any order: its numbers, its state, who asked for it and when.

Source: v2-to-FHIR segment map ORC[ServiceRequest], concept maps OrderStatus and OrderControlCode.
One difference from the map: CA (the placer cancels) is `revoked`, where the map leaves it active
until the filler has agreed; nobody who reads the record should act on it.
"""

from wholerecord.intake.hl7v2.datatypes import Json, Said, coding_system, concept, staff
from wholerecord.intake.hl7v2.moments import moment
from wholerecord.intake.hl7v2.segment import Composite, Segment

#: Table 0038 Order Status.
_STATUS = {
    "A": "active",
    "CA": "revoked",
    "CM": "completed",
    "DC": "revoked",
    "ER": "entered-in-error",
    "HD": "on-hold",
    "IP": "active",
    "RP": "revoked",
    "SC": "active",
}
#: Table 0119 Order Control.
_CONTROL = {
    **dict.fromkeys(
        ("NW", "OK", "AF", "PR", "PY", "RL", "RO", "RQ", "RU", "XO", "XR", "XX"), "active"
    ),
    **dict.fromkeys(("CA", "CR", "DC", "DF", "DR", "OC", "OD", "RP", "UA"), "revoked"),
    **dict.fromkeys(("HD", "HR", "OH"), "on-hold"),
    "FU": "completed",
}
#: Table 0485 Extended Priority, and table 0027 before it.
_PRIORITY = {
    "S": "stat",
    "A": "asap",
    "R": "routine",
    "U": "urgent",
    "UR": "urgent",
    "P": "routine",
}
_TYPES = coding_system("HL70203")


def order_status(orc: Segment | None) -> str:
    """The request's status: what ORC-5 says, else what ORC-1 does, else that it is not known."""
    if orc is None:
        return "unknown"
    return _STATUS.get(orc.text(5).upper()) or _CONTROL.get(orc.text(1).upper()) or "unknown"


def order_id(*segments: Segment | None) -> str:
    """The placer's number (field 2 of the first that has one), else the filler's (field 3)."""
    for field in (2, 3):
        for segment in segments:
            if segment is not None and (number := segment.text(field)):
                return number
    return ""


def order_identifiers(*segments: Segment | None) -> list[Json]:
    """Placer and filler order numbers, of the first segment that has each."""
    said: list[Json] = []
    for field, kind in ((2, "PLAC"), (3, "FILL")):
        for segment in segments:
            if segment is not None and (value := segment.text(field)):
                said.append(
                    {"type": {"coding": [{"system": _TYPES, "code": kind}]}, "value": value}
                )
                break
    return said


def ordered_by(*people: Composite) -> Said:
    """The first who is named."""
    nobody: Said = {}
    return next((said for each in people if (said := staff(each))), nobody)


def ordered_when(orc: Segment | None) -> str:
    """When the order was made (ORC-9, else ORC-15)."""
    return (moment(orc.text(9)) or moment(orc.text(15))) if orc is not None else ""


def reason_why(orc: Segment | None) -> Said:
    """ORC-16: why the order is as it is."""
    return concept(orc.first(16)) if orc is not None else {}


def priority(*codes: str) -> str:
    """The first of these priorities that FHIR has a word for."""
    return next((said for code in codes if (said := _PRIORITY.get(code.upper()))), "")
