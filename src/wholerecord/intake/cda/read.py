"""CDA R2 documents read: `read(kept) -> Reading | Unreadable`. Pure; never raises.

Source: HL7 CDA R2; HL7 C-CDA R2.1; NHS ITK "NHS 111 CDA" v2. The narrative of a document is what
a clinician attested, so it is always kept; entries become resources where they are coded.
"""

from wholerecord.intake.cda.datatypes import Json, person
from wholerecord.intake.cda.document import confidentiality, say_document
from wholerecord.intake.cda.envelope import documents
from wholerecord.intake.cda.events import say_visit
from wholerecord.intake.cda.look import every, first, said
from wholerecord.intake.cda.moments import instant, moment
from wholerecord.intake.cda.narrative import Words
from wholerecord.intake.cda.person import patient_of
from wholerecord.intake.cda.sections import say_sections
from wholerecord.intake.cda.telling import Telling
from wholerecord.intake.markup import Element, parse
from wholerecord.intake.reading import (
    Fault,
    Kept,
    PatientReading,
    Reading,
    Reason,
    Unreadable,
)
from wholerecord.record import PatientKey, Saying, canonical


def read(kept: Kept) -> Reading | Unreadable:
    """What the documents in a message say. Never raises; linear in its length."""
    root = parse(kept.body)
    if isinstance(root, Fault):
        return Unreadable(fault=root)
    patients: dict[PatientKey, tuple[Saying, ...]] = {}
    faults: list[Fault] = []
    for document, place in documents(root):
        found = document if isinstance(document, Fault) else _read(kept.source, document, place)
        if isinstance(found, Fault):
            faults.append(_at(found, place))
            continue
        about, sayings, more = found
        patients[about] = (*patients.get(about, ()), *sayings)
        faults += (_at(each, place) for each in more)
    if not patients and len(faults) == 1:
        return Unreadable(fault=faults[0])
    return Reading(
        patients=tuple(
            PatientReading(about=about, sayings=sayings) for about, sayings in patients.items()
        ),
        faults=tuple(faults),
    )


_One = tuple[PatientKey, tuple[Saying, ...], list[Fault]]


def _read(source: str, root: Element, place: str) -> _One | Fault:
    """(whose, what it says, what could not be read) of one document."""
    targets = list(every(root, "recordTarget"))
    if len(targets) > 1:
        return Fault(reason=Reason.SEVERAL_PATIENTS, place="recordTarget[2]")
    role = first(targets[0], "patientRole") if targets else None
    words = Words(root)
    whose = patient_of(role, words) if role is not None else None
    if whose is None:
        return Fault(reason=Reason.NO_PATIENT, place="recordTarget", detail="CDA document")
    number, patient = whose
    written = said(first(root, "effectiveTime"), "value")
    stamp: Json = {"lastUpdated": at} if (at := instant(written)) else {}
    security = confidentiality(root)
    telling = Telling(
        subject={"reference": f"Patient/{patient['id']}"},
        meta=stamp | ({"security": security} if security else {}),
        words=words,
        written=moment(written),
        author=person(first(root, "author", "assignedAuthor")),
    )
    say_visit(telling, root)
    say_sections(telling, root)
    say_document(telling, root)
    # How confidential a document is says nothing of who somebody is or where they live.
    about = {**patient, "meta": stamp} if stamp else patient
    named = Saying(kind="Patient", body=canonical(about), place="recordTarget")
    sayings = tuple(
        Saying(kind=each.kind, body=each.body, place=place + each.place)
        for each in (named, *telling.sayings)
    )
    return PatientKey(source, number), sayings, telling.faults


def _at(fault: Fault, place: str) -> Fault:
    if not place:
        return fault
    return Fault(reason=fault.reason, place=f"{place}{fault.place}".strip(), detail=fault.detail)
