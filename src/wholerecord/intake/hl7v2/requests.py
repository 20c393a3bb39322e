"""ORC and OBR of an order message as a ServiceRequest, with its questions as Observations.

Source: v2-to-FHIR segment maps ORC[ServiceRequest], OBR[ServiceRequest], TQ1[ServiceRequest];
message maps ORM_O01, OML_O21. It is known by the placer's number (else the filler's) and what is
asked for, so that a change or a cancellation is a later version of it.
"""

from collections.abc import Sequence

from wholerecord.intake.hl7v2 import ordered, tables
from wholerecord.intake.hl7v2.datatypes import Json, concept, concepts
from wholerecord.intake.hl7v2.observation import notes_of, order_number, say_lines
from wholerecord.intake.hl7v2.orders import Order, orders
from wholerecord.intake.hl7v2.results import specimen_of
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling
from wholerecord.intake.reading import Reason

_INTENT = {"G": "reflex-order"}
#: Results that came before the order stand in it with this control code (ORC-1).
_EARLIER = frozenset({"PR"})


def say_requests(telling: Telling, group: Sequence[Segment]) -> None:
    """File every order of a patient's segments."""
    for order in orders(group):
        if order.obr is not None:
            _say_request(telling, order, order.obr)
        say_lines(telling, order, order_number(telling, order))
    _say_bare(telling, group)


def _say_request(telling: Telling, order: Order, obr: Segment) -> None:
    orc, tq1 = order.orc, order.timing
    code = concept(obr.first(4))
    if not code:
        telling.fault(Reason.BAD_VALUE, f"{obr.place}-4", "what is ordered is not named")
        return
    number = ordered.order_id(orc, obr) or f"in {telling.control}"
    telling.say(
        "ServiceRequest",
        telling.unlike("ServiceRequest", number, obr.text(4) or obr.text(4, 2), ""),
        obr.place,
        {
            "identifier": ordered.order_identifiers(orc, obr),
            "requisition": {"value": group} if orc and (group := orc.text(4)) else {},
            "status": ordered.order_status(orc),
            "intent": _INTENT.get(obr.text(11).upper(), "order"),
            "category": concepts(obr, 24, f"{tables.HL7_TABLE}0074"),
            "priority": ordered.priority(
                tq1.text(9) if tq1 else "",
                obr.text(5),
                obr.text(27, 6),
                orc.text(7, 6) if orc else "",
            ),
            "code": code,
            "orderDetail": concepts(obr, 46),
            "subject": telling.subject,
            "encounter": telling.encounter,
            "occurrenceDateTime": (telling.moment(tq1, 7) if tq1 else "")
            or telling.moment(obr, 36)
            or telling.moment(obr, 6),
            "authoredOn": ordered.ordered_when(orc),
            "requester": ordered.ordered_by(*([orc.first(12)] if orc else []), obr.first(16)),
            "reasonCode": concepts(obr, 31),
            "specimen": [said for each in order.specimens if (said := specimen_of(each))],
            "note": _notes(order, obr, tq1),
            "extension": [],
        },
    )


def _notes(order: Order, obr: Segment, tq1: Segment | None) -> list[Json]:
    """The order's notes, the clinical information it gives (OBR-13), and what TQ1 says in words."""
    said = notes_of(order.notes)
    for words in (obr.whole(13), tq1.whole(11) if tq1 else ""):
        if words:
            said.append({"text": words})
    return said


def _say_bare(telling: Telling, group: Sequence[Segment]) -> None:
    """A diet or supply (ODS, ODT, RQD), and a fault for an order that says of nothing."""
    named = {"ODS": 3, "ODT": 2, "RQD": 3}
    details = frozenset({"OBR", "RXO", "RXE", "RXA", "RXD", "RXG", *named})
    orc: Segment | None = None
    for segment in group:
        if segment.name == "ORC":
            if orc is not None:
                telling.fault(Reason.BAD_VALUE, orc.place, "the order names nothing to be done")
            orc = segment
        elif segment.name in named:
            _say_other(telling, orc, segment, named[segment.name])
            orc = None
        elif segment.name in details:
            orc = None
    if orc is not None:
        telling.fault(Reason.BAD_VALUE, orc.place, "the order names nothing to be done")


def _say_other(telling: Telling, orc: Segment | None, segment: Segment, field: int) -> None:
    code = concept(segment.first(field))
    if not code:
        telling.fault(Reason.BAD_VALUE, f"{segment.place}-{field}", "what is ordered is not named")
        return
    number = ordered.order_id(orc) or f"in {telling.control}"
    telling.say(
        "ServiceRequest",
        telling.unlike("ServiceRequest", number, segment.text(field), ""),
        segment.place,
        {
            "identifier": ordered.order_identifiers(orc),
            "status": ordered.order_status(orc),
            "intent": "order",
            "code": code,
            "subject": telling.subject,
            "encounter": telling.encounter,
            "authoredOn": ordered.ordered_when(orc),
            "requester": ordered.ordered_by(*([orc.first(12)] if orc else [])),
            "note": [{"text": words}] if (words := segment.whole(4)) else [],
        },
    )
