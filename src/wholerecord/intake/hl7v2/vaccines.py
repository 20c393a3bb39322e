"""RXA of a VXU as an Immunization, with its OBX as Observations about it.

Source: v2-to-FHIR segment maps RXA, RXR, ORC[Immunization]; message map VXU_V04; CDC implementation
guide 1.5 for RXA-9 (00 new, 01 to 08 historical). It is known by the filler's order number, else by
the vaccine and its day; RXA-21 D takes it back.
"""

from collections.abc import Sequence

from wholerecord.intake.hl7v2 import ordered
from wholerecord.intake.hl7v2.courses import Course, Given, courses
from wholerecord.intake.hl7v2.datatypes import Json, Said, concept, concepts, place, staff
from wholerecord.intake.hl7v2.dosage import quantity, way
from wholerecord.intake.hl7v2.given import rxa_notes, rxa_status
from wholerecord.intake.hl7v2.observation import order_number, say_lines
from wholerecord.intake.hl7v2.orders import Order, orders
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling
from wholerecord.intake.reading import Reason

_ROLES = "http://terminology.hl7.org/CodeSystem/v2-0443"
_HISTORICAL = frozenset({"01", "02", "03", "04", "05", "06", "07", "08"})


def say_vaccines(telling: Telling, group: Sequence[Segment]) -> None:
    """File every vaccination of a patient's segments, and what was observed of each."""
    for course in courses(group):
        for given in course.given:
            if given.head.name == "RXA":
                _say_vaccine(telling, course, given)
    first = next((n for n, each in enumerate(group) if each.name in {"ORC", "RXA"}), len(group))
    for order in orders(group[:first]):
        say_lines(telling, order, order_number(telling, order))


def _say_vaccine(telling: Telling, course: Course, given: Given) -> None:
    rxa, orc = given.head, course.orc
    code = concept(rxa.first(5))
    if not code:
        telling.fault(Reason.BAD_VALUE, f"{rxa.place}-5", "no vaccine is named")
        return
    number = (orc.text(3) or orc.text(2)) if orc else ""
    what = rxa.text(5) or rxa.text(5, 2)
    known_by = telling.unlike(
        "Immunization", *telling.number, number, what, "" if number else rxa.text(3)[:8]
    )
    amount = "" if rxa.text(6).startswith("999") else rxa.text(6)  # 999: not known
    expires = telling.moment(rxa, 16)[:10]
    telling.say(
        "Immunization",
        known_by,
        rxa.place,
        {
            "identifier": ordered.order_identifiers(orc),
            "status": rxa_status(rxa),
            "statusReason": concept(rxa.first(18)),
            "vaccineCode": code,
            "patient": telling.subject,
            "encounter": telling.encounter,
            "occurrenceDateTime": telling.moment(rxa, 3),
            "recorded": telling.moment(rxa, 22) or ordered.ordered_when(orc),
            "primarySource": rxa.text(9) not in _HISTORICAL,
            "location": _where(rxa),
            "manufacturer": {"display": maker} if (maker := _maker(rxa)) else {},
            "lotNumber": rxa.text(15),
            "expirationDate": expires if len(expires) == 10 else "",
            **{key: said for key, said in way(given.routes).items() if key != "method"},
            "doseQuantity": quantity(amount, rxa.first(7)),
            "performer": _performers(rxa, orc),
            "note": rxa_notes(given),
            "reasonCode": concepts(rxa, 19),
        },
    )
    about: Json = {"partOf": [{"reference": f"Immunization/{known_by}"}]}
    say_lines(telling, Order(None, orc, given.lines), (known_by, ""), about)


def _where(rxa: Segment) -> Said:
    return place(rxa.first(27)) or (
        {"display": said} if (said := rxa.first(11).sub(4, 1) or rxa.text(11)) else {}
    )


def _maker(rxa: Segment) -> str:
    return rxa.text(17, 2) or rxa.text(17)


def _performers(rxa: Segment, orc: Segment | None) -> list[Json]:
    """Who gave it (AP), and who ordered it (OP)."""
    said = [("AP", staff(each)) for each in rxa.repetitions(10)]
    said += [("OP", staff(orc.first(12)))] if orc else []
    return [
        {"function": {"coding": [{"system": _ROLES, "code": role}]}, "actor": who}
        for role, who in said
        if who
    ]
