"""S16 as Specimens. Source: NHS pathology messages, segments SEQ, SPC, RFF, QTY, DTM and FTX."""

from collections.abc import Sequence
from dataclasses import dataclass

from wholerecord.intake.edifact.parties import Json
from wholerecord.intake.edifact.results import quantity_of
from wholerecord.intake.edifact.sections import Sections
from wholerecord.intake.edifact.syntax import Segment
from wholerecord.intake.edifact.words import free_text, when
from wholerecord.intake.hl7v2.telling import Telling

_FASTING = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0916", "code": "F"}]}


@dataclass(frozen=True, slots=True)
class Taken:
    """A specimen as results need it: a reference to it, and when it was collected."""

    reference: Json
    collected: str


def say_specimens(telling: Telling, report: str, said: Sections) -> dict[str, Taken]:
    """File each specimen; they are found again by the number results refer to them with."""
    found: dict[str, Taken] = {}
    for group in said.specimens:
        n = next((one.text(2) for one in group if one.tag == "SEQ"), "") or str(len(found) + 1)
        own = next(
            (one.text(1, 2) for one in group if one.tag == "RFF" and one.text(1) == "STI"), ""
        )
        known_by = telling.unlike("Specimen", report, own, n)
        collected = when(group, "SCO")
        place = group[0].place if group else "S16"
        telling.say("Specimen", known_by, place, _specimen(telling, group, own, collected))
        found[n] = Taken(reference={"reference": f"Specimen/{known_by}"}, collected=collected)
    return found


def _specimen(telling: Telling, group: Sequence[Segment], own: str, collected: str) -> Json:
    collection: Json = {"collectedDateTime": collected} if collected else {}
    for one in group:
        if (
            one.tag == "QTY"
            and one.text(1) == "SVO"
            and (much := quantity_of(one.parts(1)[1:2], one))
        ):
            collection["quantity"] = much
        if one.tag == "SPC" and one.text(1) == "FS" and one.text(2) == "F":
            collection["fastingStatusCodeableConcept"] = _FASTING
    comment = free_text(group, "SPC")
    return {
        "accessionIdentifier": {"value": own} if own else {},
        "type": _type(group),
        "subject": telling.subject,
        "receivedTime": when(group, "SRI"),
        "collection": collection,
        "note": [{"text": comment}] if comment else [],
    }


def _type(group: Sequence[Segment]) -> Json:
    """SPC+TSP: the code stays as it is, since its list (920) has no system that FHIR names."""
    for one in group:
        if one.tag == "SPC" and one.text(1) == "TSP":
            code, words = one.text(2), one.text(2, 4)
            said: Json = {"coding": [{"code": code, "display": words or code}]} if code else {}
            return said | ({"text": words} if words else {})
    return {}
