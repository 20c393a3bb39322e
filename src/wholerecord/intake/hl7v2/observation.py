"""One OBX with its notes as an Observation. Source: v2-to-FHIR segment maps OBX, NTE[Observation].

A result is known by its order (OBR-3, else OBR-2, else ORC), its test (OBR-4), its code (OBX-3) and
sub-id (OBX-4), so that a correction is a later version of the same Observation and a retraction
(OBX-11 D or W) marks it as an error.
"""

from collections.abc import Sequence

from wholerecord.intake.hl7v2 import tables
from wholerecord.intake.hl7v2.datatypes import Json, Said, concept_at
from wholerecord.intake.hl7v2.moments import instant, moment
from wholerecord.intake.hl7v2.orders import Line, Order
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling, fhir_id
from wholerecord.intake.hl7v2.value import value_of

_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_CATEGORIES: dict[str, Sequence[Said]] = {
    section: ({"coding": [{"system": _CATEGORY, "code": code}]},)
    for section, code in tables.OBSERVATION_CATEGORY.items()
}
_ABSENT_WHEN = {"X": "error", "N": "not-asked", "I": "temp-unknown"}
_REPORTED = {"F": "final", "C": "corrected", "P": "preliminary"}


def order_number(telling: Telling, order: Order) -> tuple[str, str]:
    """(number, test) of the order. Without a number, when it was taken; without that, the message.

    The namespace of the number is left out: corrections of one order are seen with and without.
    """
    obr, orc = order.obr, order.orc
    test = (obr.text(4) or obr.text(4, 2)) if obr else ""
    candidates = ((obr, 3), (orc, 3), (obr, 2), (orc, 2))
    for segment, n in candidates:
        if segment and (number := segment.text(n)):
            return number, test
    taken = obr.text(7) if obr else ""
    key = telling.number[0], telling.number[1], taken or f"in {telling.control}"
    return fhir_id(*key), test


class _Around:
    """What the values of one order have in common, each asked of its segments once."""

    __slots__ = ("_order", "_taken", "_telling", "category", "issued", "status")

    def __init__(self, telling: Telling, order: Order) -> None:
        obr = order.obr
        self._telling = telling
        self._order = order
        self._taken: str | None = None
        #: Of a value that does not say its own; never final because nothing was said.
        self.status = _REPORTED.get(obr.text(25).upper(), "unknown") if obr else "unknown"
        self.issued = instant(obr.text(22)) if obr else ""
        self.category = _CATEGORIES.get(obr.text(24).upper(), ()) if obr else ()

    @property
    def code(self) -> Said:
        """What a value is of that does not say it."""
        obr = self._order.obr
        return (concept_at(obr, 4) if obr else None) or {"text": "not named"}

    @property
    def taken(self) -> str:
        """When, of a value that does not say it: a fault in it is one of the message."""
        if self._taken is None:
            self._taken = self._when()
        return self._taken

    def _when(self) -> str:
        order = self._order
        if order.obr is None:
            return ""
        if said := self._telling.moment(order.obr, 7):
            return said
        return next((at for each in order.specimens if (at := moment(each.text(17)))), "")


def say_lines(
    telling: Telling, order: Order, number: tuple[str, str], more: Json | None = None
) -> list[str]:
    """File the Observations of an order and return their ids, without its documents.

    Those are the report's, where there is one. `more` is what else each says of itself.
    """
    around = _Around(telling, order)
    reported = order.obr is not None
    return [
        _say_line(telling, around, number, line, more)
        for line in order.lines
        if not (reported and line.lasting.is_document)
    ]


def _say_line(
    telling: Telling, around: _Around, number: tuple[str, str], line: Line, more: Json | None
) -> str:
    obx, lasting = line.obx, line.lasting
    known_by = telling.unlike("Observation", *number, lasting.test, lasting.sub)
    said: Json = {
        **lasting.parts,
        "status": lasting.status or around.status,
        "subject": telling.subject,
    }
    if "code" not in said:
        said["code"] = around.code
    if around.category:
        said["category"] = around.category
    if telling.encounter:
        said["encounter"] = telling.encounter
    if when := telling.moment(obx, 14) or around.taken:
        said["effectiveDateTime"] = when
    if issued := instant(obx.text(19)) or around.issued:
        said["issued"] = issued
    if line.notes and (notes := notes_of(line.notes)):
        said["note"] = notes
    said |= _value(line)
    if more:
        said |= more
    telling.say_all("Observation", known_by, obx.place, said)
    return known_by


def line_status(order: Order, line: Line) -> str:
    """OBX-11, else what the report's OBR-25 says; never final because nothing was said."""
    if status := line.lasting.status:
        return status
    return _REPORTED.get(order.obr.text(25).upper(), "unknown") if order.obr else "unknown"


def _value(line: Line) -> Json:
    if line.more:
        text = "\n".join(each.whole(5) for each in (line.obx, *line.more)).strip()
        return {"valueString": text} if text else {}
    lasting = line.lasting
    value = value_of(line.obx, lasting.kind, lasting.unit)
    absent = _ABSENT_WHEN.get(lasting.stated)
    if value or not absent:
        return value
    return {"dataAbsentReason": {"coding": [{"system": _ABSENT, "code": absent}]}}


def notes_of(notes: Sequence[Segment]) -> list[Json]:
    """NTE as one Annotation; empty for none."""
    text = "\n".join(words for each in notes if (words := each.whole(3)))
    return [{"text": text}] if text else []
