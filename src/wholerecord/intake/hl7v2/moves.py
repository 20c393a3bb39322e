"""What a message moves from one patient to another: number (A43), account (A44), visit (A45).

Source: HL7 v2.5.1 sections 3.3.43 to 3.3.45, 3.6.2.2 (a move: what is moved keeps its number, and
what it is of is another): A43 moves MRG-1 from the person of MRG-4 to that of PID-2, A44 the
account of MRG-3 and A45 the visit of MRG-5 from the patient of MRG-1 to that of PID-3.

A statement stands where its source filed it, so what follows from the message itself is said, and
the rest is a person's to sort out: on the screen of whoever gains it, and of whoever loses it.
"""

from collections.abc import Sequence

from wholerecord.intake.hl7v2.encounter import say_encounter, visit_number
from wholerecord.intake.hl7v2.keys import has_number, key_text, merged_number
from wholerecord.intake.hl7v2.kinds import MOVES
from wholerecord.intake.hl7v2.merges import say_mistake
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling, fhir_id
from wholerecord.intake.reading import PatientReading, Reason
from wholerecord.record import PatientKey

_WHOLE = "what was filed of the other patient is not moved"
_REST = "the visit is moved; what else was filed of the other patient is not moved"
_LOST = "something filed under this patient is said to be another's"
_PERSON = "the number is another person's at its source: see whom they are joined with"


def moves_of(telling: Telling, group: Sequence[Segment]) -> list[PatientReading]:
    """That a visit was a mistake under the patient it was moved from, for each that is moved.

    What the message does not say, or a person must decide, is a fault about each of the two.
    """
    if telling.event not in MOVES:
        return []
    pid, said = group[0], list[PatientReading]()
    for mrg, pv1 in _pairs(group):
        number = merged_number(mrg, telling.number, telling.prefer)
        if number is None or number == telling.number or has_number(pid, number):
            _within(telling, pid, mrg, pv1, named=number is not None)
            continue
        other = _other(telling, number)
        moved = _moved(telling, pid, mrg, pv1)
        telling.fault(Reason.MOVED, mrg.place, _REST if moved else _WHOLE)
        other.fault(Reason.MOVED, mrg.place, _LOST)
        telling.faults += other.faults
        if moved:
            say_mistake(other, moved, mrg.place)
            said.append(PatientReading(about=other.about, sayings=tuple(other.sayings)))
    return said


def _pairs(group: Sequence[Segment]) -> list[tuple[Segment, Segment | None]]:
    """Each MRG with its PV1: the one that follows it, or the only one of a single MRG."""
    said: list[tuple[Segment, Segment | None]] = []
    for segment in group:
        if segment.name == "MRG":
            said.append((segment, None))
        elif segment.name == "PV1" and said and said[-1][1] is None:
            said[-1] = (said[-1][0], segment)
    if len(said) == 1 and said[0][1] is None:
        return [(said[0][0], next((each for each in group if each.name == "PV1"), None))]
    return said


def _other(telling: Telling, number: tuple[str, str]) -> Telling:
    """The patient whom something is moved from."""
    return Telling(
        about=PatientKey(telling.about.source, key_text(number)),
        number=number,
        event=telling.event,
        control=telling.control,
        meta=telling.meta,
    )


def _within(
    telling: Telling, pid: Segment, mrg: Segment, pv1: Segment | None, *, named: bool
) -> None:
    """A move in which no other patient of the source is named."""
    visit = mrg.text(5)
    if telling.event == "A45" and named and mrg.text(3) and pv1 and visit == pv1.text(19) != "":
        return  # to another account of the same patient: nothing is anybody else's
    if telling.event == "A43" and named and "" != mrg.text(4) != pid.text(2) != "":
        telling.fault(Reason.MOVED, mrg.place, _PERSON)  # the Patient says whose it is now
        return
    telling.fault(Reason.MOVED, mrg.place, _WHOLE)


def _moved(telling: Telling, pid: Segment, mrg: Segment, pv1: Segment | None) -> str:
    """The id of the visit that is moved, which is filed under the right patient; "" for none.

    The PV1 must say what the visit is, since that is what is filed. An account's visit is moved
    where the message says that it is of that account (PID-18).
    """
    if pv1 is None or telling.event == "A43":
        return ""
    telling.visit = visit = visit_number(telling, pv1, pid)
    if not visit:
        return ""
    if telling.event == "A45":
        cx = mrg.first(5)
        moved = fhir_id(cx.sub(4, 1) or visit[0], cx.text(1), "") if cx.text(1) else ""
    else:
        of_account = mrg.text(3) == pid.text(18) != "" and visit[2] == ""
        moved = fhir_id(*visit) if of_account else ""
    if moved and all(each.place != pv1.place for each in telling.sayings):
        say_encounter(telling, pv1, None)  # the first is filed by now
    return moved
