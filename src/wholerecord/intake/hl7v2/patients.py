"""One message's patients: each PID with the segments that follow it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from wholerecord.intake.hl7v2.allergy import say_allergy
from wholerecord.intake.hl7v2.appointments import say_appointment
from wholerecord.intake.hl7v2.datatypes import Json
from wholerecord.intake.hl7v2.diagnosis import say_diagnosis, say_procedure
from wholerecord.intake.hl7v2.documents import say_documents
from wholerecord.intake.hl7v2.encounter import say_encounter, visit_number
from wholerecord.intake.hl7v2.keys import key_text, patient_number
from wholerecord.intake.hl7v2.kinds import Sort
from wholerecord.intake.hl7v2.local import say_local
from wholerecord.intake.hl7v2.medicines import say_medicines
from wholerecord.intake.hl7v2.merges import linked, merges_of
from wholerecord.intake.hl7v2.message import Message
from wholerecord.intake.hl7v2.moments import instant
from wholerecord.intake.hl7v2.moves import moves_of
from wholerecord.intake.hl7v2.patient import say_patient
from wholerecord.intake.hl7v2.problems import say_problems
from wholerecord.intake.hl7v2.related import say_related
from wholerecord.intake.hl7v2.requests import say_requests
from wholerecord.intake.hl7v2.results import say_results
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.site import Site
from wholerecord.intake.hl7v2.telling import Telling
from wholerecord.intake.hl7v2.unread import unread_of
from wholerecord.intake.hl7v2.vaccines import say_vaccines
from wholerecord.intake.reading import (
    Fault,
    Merge,
    PatientReading,
    Reading,
    Reason,
    Unmerge,
    Unreadable,
)
from wholerecord.record import PatientKey, Saying

_TEST_DATA = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}
_SAY: dict[str, Callable[[Telling, Segment], None]] = {
    "NK1": say_related,
    "AL1": say_allergy,
    "IAM": say_allergy,
    "DG1": say_diagnosis,
    "PR1": say_procedure,
}


_CLINICAL: dict[str, Callable[[Telling, Sequence[Segment]], None]] = {
    "ADT": say_results,
    "BAR": say_results,
    "DFT": say_results,
    "MDM": say_documents,
    "ORU": say_results,
    "OUL": say_results,
    "PPR": say_problems,
    "REF": say_results,
    "VXU": say_vaccines,
}
#: Types whose PV1 says what the visit is; the PV1 of others only names it.
_VISITS = frozenset({"ADT", "BAR", "REF"})


class Patients:
    """The patients of one message, one after the other."""

    def __init__(self, source: str, message: Message, sort: Sort, site: Site) -> None:
        self._source = source
        self._message = message
        self._sort = sort
        self._site = site
        self._patients: list[PatientReading] = []
        self._merges: list[Merge | Unmerge] = []
        self._faults = [_not_segments(message.odd)] if message.odd else []
        evn = message.first("EVN")
        sent = message.msh.text(7)
        self._when = (evn.text(6) or evn.text(2) if evn else "") or sent
        self._meta = _meta(message.msh, evn)
        sent_at: str = self._meta.get("lastUpdated", "")
        self._said = datetime.fromisoformat(sent_at) if sent_at else None
        self._before: Sequence[Segment] = ()

    def reading(self) -> Reading | Unreadable:
        """What the message says. Without any patient nothing of it can be filed."""
        self._before, groups = _groups(self._message.segments)
        if not groups:
            return Unreadable(fault=Fault(reason=Reason.NO_PATIENT, detail="no PID segment"))
        if any(segment.name in {"OBR", "OBX", "ORC"} for segment in self._before):
            self._faults.append(
                Fault(reason=Reason.NO_PATIENT, place="OBR[1]", detail="results before any PID")
            )
        unread = unread_of(self._message.segments, self._sort.kind, self._site)
        for group in groups:
            self._read_group(group, unread)
        if not self._patients and self._faults:
            return Unreadable(fault=self._faults[-1])
        pair = linked(self._sort.event, self._patients)
        if isinstance(pair, Fault):
            self._faults.append(pair)
        elif pair is not None:
            self._merges.append(pair)
        return Reading(
            patients=by_patient(self._patients),
            merges=tuple(replace(each, said=self._said) for each in self._merges),
            faults=tuple(self._faults),
        )

    def _read_group(self, group: Sequence[Segment], unread: Json) -> None:
        pid = group[0]
        number = patient_number(pid, self._site.number)
        if number is None:
            self._faults.append(Fault(reason=Reason.NO_PATIENT, place=f"{pid.place}-3"))
            return
        telling = Telling(
            about=PatientKey(self._source, key_text(number)),
            number=number,
            event=self._sort.event,
            control=self._message.msh.text(10),
            meta=self._meta,
            prefer=self._site.number,
        )
        telling.when = self._when
        say_patient(telling, group, pid, unread)
        self._say_visit(telling, group, pid)
        for segment in group:
            if say := _SAY.get(segment.name):
                say(telling, segment)
            elif segment.name in self._site.z_fields:
                say_local(telling, segment, self._site)
        self._say_more(telling, group)
        self._merges += merges_of(telling, group)
        moved = moves_of(telling, group)
        self._faults += telling.faults
        self._patients.append(PatientReading(about=telling.about, sayings=tuple(telling.sayings)))
        self._patients += moved

    def _say_more(self, telling: Telling, group: Sequence[Segment]) -> None:
        """What messages of this type are for."""
        kind = self._sort.kind
        if kind == "SIU":
            say_appointment(telling, self._before, group)
        elif say := _CLINICAL.get(kind):
            say(telling, group)
        else:
            say_medicines(telling, group)
            say_requests(telling, group)

    def _say_visit(self, telling: Telling, group: Sequence[Segment], pid: Segment) -> None:
        """The visit of the group's PV1. An ORU's PV1 only names it: what it is, ADT says."""
        visit = next((segment for segment in group if segment.name == "PV1"), None)
        if visit is None:
            return
        telling.visit = visit_number(telling, visit, pid)
        if self._sort.kind in _VISITS:
            more = next((segment for segment in group if segment.name == "PV2"), None)
            say_encounter(telling, visit, more)


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
