"""OBR with its OBX and NTE as a DiagnosticReport and its Observations.

Source: v2-to-FHIR segment map OBR[DiagnosticReport], message map ORU_R01.
"""

from collections.abc import Sequence

from wholerecord.intake.hl7v2 import tables
from wholerecord.intake.hl7v2.attachment import attachment
from wholerecord.intake.hl7v2.datatypes import Json, coding_system, concept_at, concepts, staff
from wholerecord.intake.hl7v2.moments import instant
from wholerecord.intake.hl7v2.observation import line_status, notes_of, order_number, say_lines
from wholerecord.intake.hl7v2.orders import Order, orders
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling


def say_results(telling: Telling, group: Sequence[Segment]) -> None:
    """File every order of a patient's segments."""
    for order in orders(group):
        say_order(telling, order)


def say_order(telling: Telling, order: Order) -> None:
    """File the Observations of an order, and the report that lists them."""
    number = order_number(telling, order)
    said = say_lines(telling, order, number)
    if order.obr is not None:
        _say_report(telling, order, order.obr, number, said)


def _say_report(
    telling: Telling, order: Order, obr: Segment, number: tuple[str, str], ids: list[str]
) -> None:
    notes = notes_of(order.notes)
    end = telling.moment(obr, 8)
    start = telling.moment(obr, 7)
    when: Json = {"effectivePeriod": {"start": start, "end": end}} if start and end else {}
    section = obr.text(24)
    telling.say(
        "DiagnosticReport",
        telling.unlike("DiagnosticReport", *number),
        obr.place,
        {
            "identifier": numbers_of(obr, order.orc),
            "status": _report_status(order, obr),
            "category": concepts(obr, 24, f"{tables.HL7_TABLE}0074") if section else [],
            "code": concept_at(obr, 4) or {"text": "not named"},
            "subject": telling.subject,
            "encounter": telling.encounter,
            "effectiveDateTime": "" if when else start,
            "issued": instant(obr.text(22)),
            "performer": [said for each in obr.repetitions(32) if (said := staff(each))],
            "specimen": [said for each in order.specimens if (said := specimen_of(each))],
            "result": [{"reference": f"Observation/{each}"} for each in ids],
            "conclusion": notes[0]["text"] if notes else "",
            "presentedForm": [
                said
                for line in order.lines
                if line.lasting.is_document
                and line.lasting.stated not in {"D", "W"}
                and (said := attachment(line.obx))
            ],
            **when,
        },
    )


def _report_status(order: Order, obr: Segment) -> str:
    """OBR-25, else what every result agrees on; a report of retracted results is an error too."""
    said = [line_status(order, line) for line in order.lines]
    if said and all(status == "entered-in-error" for status in said):
        return "entered-in-error"
    if stated := tables.REPORT_STATUS.get(obr.text(25).upper()):
        return stated
    return said[0] if len(set(said)) == 1 else "unknown"


def numbers_of(obr: Segment | None, orc: Segment | None) -> list[Json]:
    """Placer and filler order numbers."""
    said: list[Json] = []
    for n, kind in ((2, "PLAC"), (3, "FILL")):
        value = (obr.text(n) if obr else "") or (orc.text(n) if orc else "")
        if value:
            coding = {"system": coding_system("HL70203"), "code": kind}
            said.append({"type": {"coding": [coding]}, "value": value})
    return said


def specimen_of(spm: Segment) -> Json:
    """A Reference to a specimen by what it is (SPM-4)."""
    said = concept_at(spm, 4)
    words = said.get("text") or next((c.get("display", "") for c in said.get("coding", ())), "")
    return {"display": words} if words else {}
