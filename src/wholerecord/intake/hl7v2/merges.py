"""What a message says of its patients' identity: merged, linked, unlinked, renumbered.

Source: HL7 v2.5.1 sections 3.3.18 (A18) to 3.3.51 (A51), 3.6.2 (how merge, move and link differ).
"""

from collections.abc import Sequence

from wholerecord.intake.hl7v2.keys import key_text, merged_number
from wholerecord.intake.hl7v2.kinds import LINKS, MERGES, RENUMBERS, UNLINKS
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling, fhir_id
from wholerecord.intake.reading import Fault, Merge, PatientReading, Reason, Unmerge
from wholerecord.record import PatientKey


def merges_of(telling: Telling, group: Sequence[Segment]) -> list[Merge | Unmerge]:
    """The merges of one patient's MRG segments. What cannot be carried out is a fault."""
    event = telling.event
    mrgs = [segment for segment in group if segment.name == "MRG"]
    if event in MERGES and not mrgs:
        telling.fault(Reason.CUT_SHORT, "MRG", "no MRG segment says who is merged")
    said: list[Merge | Unmerge] = []
    for mrg in mrgs:
        if event in MERGES:
            said += _merged(telling, mrg)
        elif event in RENUMBERS:
            _end_visit(telling, mrg)
    return said


def _merged(telling: Telling, mrg: Segment) -> list[Merge | Unmerge]:
    number = merged_number(mrg, telling.number, telling.prefer)
    retired = PatientKey(telling.about.source, key_text(number)) if number else None
    if retired is None or retired == telling.about:
        telling.fault(Reason.BAD_VALUE, f"{mrg.place}-1", "no other patient is named")
        return []
    return [Merge(kept=telling.about, retired=retired, place=mrg.place)]


def _end_visit(telling: Telling, mrg: Segment) -> None:
    """The visit of MRG-5 is now the PV1's: under its old number it was a mistake."""
    cx = mrg.first(5)
    old = (cx.sub(4, 1), cx.text(1), "")
    if not old[1] or old == telling.visit:
        telling.fault(Reason.BAD_VALUE, f"{mrg.place}-5", "no other visit is named")
        return
    say_mistake(telling, fhir_id(*old), mrg.place)


def say_mistake(telling: Telling, id: str, place: str) -> None:
    """File that a visit was a mistake under this patient."""
    telling.say(
        "Encounter",
        id,
        place,
        {
            "status": "entered-in-error",
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v2-0004", "code": "U"},
            "subject": telling.subject,
        },
    )


def linked(event: str, said: Sequence[PatientReading]) -> Merge | Unmerge | Fault | None:
    """What A24 and A37 say of the two patients they name; None for any other event."""
    if event not in LINKS | UNLINKS:
        return None
    keys = list(dict.fromkeys(each.about for each in said))
    if len(keys) != 2:
        return Fault(reason=Reason.BAD_VALUE, place="PID", detail="two patients are to be named")
    sort = Merge if event in LINKS else Unmerge
    return sort(kept=keys[0], retired=keys[1], place="PID[2]")
