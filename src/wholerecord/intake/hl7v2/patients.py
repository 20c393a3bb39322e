"""One message's patients: each PID with the segments that follow it."""

from collections.abc import Callable, Sequence

from wholerecord.intake.hl7v2.allergy import say_allergy
from wholerecord.intake.hl7v2.datatypes import Json
from wholerecord.intake.hl7v2.diagnosis import say_diagnosis, say_procedure
from wholerecord.intake.hl7v2.encounter import say_encounter, visit_number
from wholerecord.intake.hl7v2.keys import key_text, merged_number, patient_number
from wholerecord.intake.hl7v2.message import Message, Segment
from wholerecord.intake.hl7v2.moments import instant
from wholerecord.intake.hl7v2.patient import say_patient
from wholerecord.intake.hl7v2.related import say_related
from wholerecord.intake.hl7v2.results import orders, say_order
from wholerecord.intake.hl7v2.telling import Telling
from wholerecord.intake.reading import Fault, Merge, PatientReading, Reading, Reason, Unreadable
from wholerecord.record import PatientKey, Saying

#: Segments that are read, or that hold only what no record needs.
_READ = frozenset(
    [
        "MSH",
        "EVN",
        "PID",
        "PD1",
        "ARV",
        "NK1",
        "PV1",
        "PV2",
        "AL1",
        "IAM",
        "DG1",
        "PR1",
        "ORC",
        "OBR",
        "OBX",
        "NTE",
        "SPM",
        "MRG",
        "SFT",
        "UAC",
        "FHS",
        "BHS",
        "BTS",
        "FTS",
        "DSC",
    ]
)
_TEST_DATA = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}
_UNREAD_SYSTEM = "urn:wholerecord:segments-not-read"
_SAY: dict[str, Callable[[Telling, Segment], None]] = {
    "NK1": say_related,
    "AL1": say_allergy,
    "IAM": say_allergy,
    "DG1": say_diagnosis,
    "PR1": say_procedure,
}


#: Events that say two of the source's patients are one (A47: a number was wrong all along).
MERGES = frozenset(["A18", "A30", "A34", "A36", "A39", "A40", "A46", "A47"])


class Patients:
    """The patients of one message, one after the other."""

    def __init__(self, source: str, message: Message, event: str) -> None:
        self._source = source
        self._message = message
        self._event = event
        self._patients: list[PatientReading] = []
        self._merges: list[Merge] = []
        self._faults = [_not_segments(message.odd)] if message.odd else []
        evn = message.first("EVN")
        sent = message.msh.text(7)
        self._when = (evn.text(6) or evn.text(2) if evn else "") or sent
        self._meta = _meta(message.msh, evn)

    def reading(self) -> Reading | Unreadable:
        """What the message says. Without any patient nothing of it can be filed."""
        before, groups = _groups(self._message.segments)
        if not groups:
            return Unreadable(fault=Fault(reason=Reason.NO_PATIENT, detail="no PID segment"))
        if any(segment.name in {"OBR", "OBX"} for segment in before):
            self._faults.append(
                Fault(reason=Reason.NO_PATIENT, place="OBR[1]", detail="results before any PID")
            )
        unread = self._unread()
        for group in groups:
            self._read_group(group, unread)
        if not self._patients and self._faults:
            return Unreadable(fault=self._faults[-1])
        return Reading(
            patients=by_patient(self._patients),
            merges=tuple(self._merges),
            faults=tuple(self._faults),
        )

    def _read_group(self, group: Sequence[Segment], unread: Json) -> None:
        pid = group[0]
        number = patient_number(pid)
        if number is None:
            self._faults.append(Fault(reason=Reason.NO_PATIENT, place=f"{pid.place}-3"))
            return
        telling = Telling(
            about=PatientKey(self._source, key_text(number)),
            number=number,
            event=self._event,
            control=self._message.msh.text(10),
            meta=self._meta,
        )
        telling.when = self._when
        say_patient(telling, group, pid, unread)
        self._say_visit(telling, group, pid)
        for segment in group:
            if say := _SAY.get(segment.name):
                say(telling, segment)
        for order in orders(group):
            say_order(telling, order)
        self._merge(telling, group)
        self._faults += telling.faults
        self._patients.append(PatientReading(about=telling.about, sayings=tuple(telling.sayings)))

    def _say_visit(self, telling: Telling, group: Sequence[Segment], pid: Segment) -> None:
        """The visit of the group's PV1. An ORU's PV1 only names it: what it is, ADT says."""
        visit = next((segment for segment in group if segment.name == "PV1"), None)
        if visit is None:
            return
        telling.visit = visit_number(telling, visit, pid)
        if self._event[:1] == "A":
            more = next((segment for segment in group if segment.name == "PV2"), None)
            say_encounter(telling, visit, more)

    def _merge(self, telling: Telling, group: Sequence[Segment]) -> None:
        if self._event not in MERGES:
            return
        mrgs = [segment for segment in group if segment.name == "MRG"]
        if not mrgs:
            telling.fault(Reason.CUT_SHORT, "MRG", "no MRG segment says who is merged")
        for mrg in mrgs:
            number = merged_number(mrg, telling.number)
            retired = PatientKey(self._source, key_text(number)) if number else None
            if retired is None or retired == telling.about:
                telling.fault(Reason.BAD_VALUE, f"{mrg.place}-1", "no other patient is named")
            else:
                self._merges.append(Merge(kept=telling.about, retired=retired, place=mrg.place))

    def _unread(self) -> Json:
        """A tag naming the segments that stay in the message and are not mapped."""
        names = {segment.name for segment in self._message.segments} - _READ
        return (
            {"tag": [{"system": _UNREAD_SYSTEM, "code": n} for n in sorted(names)]} if names else {}
        )


def _groups(segments: Sequence[Segment]) -> tuple[list[Segment], list[list[Segment]]]:
    """What stands before the first PID, and from each PID what follows it."""
    before: list[Segment] = []
    groups: list[list[Segment]] = []
    for segment in segments:
        if segment.name == "PID":
            groups.append([segment])
        else:
            (groups[-1] if groups else before).append(segment)
    return before, groups


def _meta(msh: Segment, evn: Segment | None) -> Json:
    """When the source said it (MSH-7, else EVN-2), and whether it is test data (MSH-11)."""
    said: Json = {}
    sent = instant(msh.text(7)) or (instant(evn.text(2)) if evn else "")
    if sent:
        said["lastUpdated"] = sent
    if msh.text(11).upper() in {"T", "D"}:
        said["security"] = [_TEST_DATA]
    return said


def by_patient(said: Sequence[PatientReading]) -> tuple[PatientReading, ...]:
    """One reading for each patient, in the order first named."""
    sayings: dict[PatientKey, list[Saying]] = {}
    for each in said:
        sayings.setdefault(each.about, []).extend(each.sayings)
    return tuple(PatientReading(about=key, sayings=tuple(of)) for key, of in sayings.items())


def _not_segments(places: Sequence[str]) -> Fault:
    """One fault for all lines that are no segment: a text pasted in has thousands."""
    others = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return Fault(reason=Reason.BAD_VALUE, place=places[0], detail=f"not a segment{others}")
