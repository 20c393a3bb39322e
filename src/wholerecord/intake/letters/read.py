"""A letter or a scan read: `read(kept) -> Reading | Unreadable`. Pure; never raises.

A bare letter names no patient that a program may trust: it is filed only under whom its source's
declaration (by the file's name) or its side-car says. Otherwise it is parked, with its type.
"""

from dataclasses import dataclass
from hashlib import sha256

from wholerecord.intake.fhir.ids import id_from
from wholerecord.intake.hl7v2.telling import fhir_id
from wholerecord.intake.letters.declared import Letters, NotDeclared, declaration
from wholerecord.intake.letters.kinds import called, media_of
from wholerecord.intake.letters.resource import letter_of, patient_of
from wholerecord.intake.letters.sidecar import About, SideCar, said, unpacked
from wholerecord.intake.letters.text import text_in
from wholerecord.intake.reading import Fault, Kept, PatientReading, Reading, Reason, Unreadable
from wholerecord.nhs import NhsNumber, PartialDate
from wholerecord.record import PatientKey, Saying, canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """A letter and what is said of it."""

    body: bytes
    media: str
    told: SideCar
    where: str


def read(kept: Kept) -> Reading | Unreadable:
    """What is filed of a letter: whose it is, and the letter with the text in it."""
    letter = _letter(kept)
    if isinstance(letter, Fault):
        return Unreadable(fault=letter)
    whose = _whose(letter)
    if isinstance(whose, Fault):
        return Unreadable(fault=whose)
    text = text_in(letter.body, letter.media)
    known_by = letter.told.id or sha256(letter.body).hexdigest()
    patient = patient_of(letter.told.patient, whose)
    resource = letter_of(
        letter.told,
        letter.body,
        text,
        id=fhir_id("letter", known_by),
        subject=id_from(whose),
        received=kept.received,
    )
    sayings = (
        [Saying(kind="Patient", body=canonical(patient), place=letter.where)] if patient else []
    )
    sayings.append(Saying(kind="DocumentReference", body=canonical(resource), place="the letter"))
    about = PatientReading(about=PatientKey(kept.source, whose), sayings=tuple(sayings))
    return Reading(patients=(about,))


def is_letter(kept: Kept, *, tables: bool = False) -> bool:
    """Whether plain text of this source is a letter: it declares that it sends letters.

    Where it sends `tables` too, only what is named as its letters are is one.
    """
    try:
        letters = declaration(kept.columns).letters
    except NotDeclared:
        return False
    return letters is not None and (not tables or bool(letters.told_by(kept.name)))


def _letter(kept: Kept) -> _Letter | Fault:
    both = unpacked(kept.body)
    if both is not None:
        sidecar, body, media = both
        told = said(sidecar)
        if isinstance(told, str):
            return Fault(reason=Reason.BAD_VALUE, place="side-car", detail=told)
        return _Letter(body=body, media=media, told=told, where="side-car")
    if kept.body[:13].lower() == b"content-type:":
        return Fault(reason=Reason.CUT_SHORT, detail="a letter and its side-car, not whole")
    try:
        letters = declaration(kept.columns).letters
    except NotDeclared as error:
        return Fault(reason=Reason.NO_COLUMNS, detail=f"the declaration is not valid: {error}")
    media = media_of(kept.body) or "text/plain"
    if letters is None:
        return Fault(reason=Reason.NO_PATIENT, detail=called(media))
    told = _told(letters, kept.name)
    if isinstance(told, Fault):
        return told
    if told is None:
        detail = f"{called(media)}: its name is not as the source declares"
        return Fault(reason=Reason.NO_PATIENT, detail=detail)
    return _Letter(body=kept.body, media=media, told=told, where="its name")


def _told(letters: Letters, name: str) -> SideCar | Fault | None:
    """What a file's name says, in the terms of a side-car."""
    parts = letters.told_by(name)
    if not parts:
        return None
    day, born = (letters.day(parts.get(part, "")) for part in ("date", "born"))
    for part, found in (("date", day), ("born", born)):
        if part in parts and not found:
            return Fault(reason=Reason.BAD_VALUE, place="its name", detail=f"{{{part}}}")
    kind = parts.get("type", "")
    return SideCar(
        patient=About(
            nhs_number=parts.get("nhs_number", ""),
            number=parts.get("number", ""),
            authority=letters.authority,
            family=parts.get("family", ""),
            given=parts.get("given", ""),
            born=born,
        ),
        type=letters.types.get(kind, kind) or letters.type,
        title=parts.get("title", ""),
        author=letters.author,
        date=day,
    )


def _whose(letter: _Letter) -> str | Fault:
    """The number a letter is filed under: the source's own, else a valid NHS number."""
    about = letter.told.patient
    for part in (about.born, letter.told.date):
        if part and PartialDate.parse(part) is None:
            return Fault(reason=Reason.BAD_VALUE, place=letter.where, detail="a date")
    if about.number:
        return f"{about.authority}:{about.number}" if about.authority else about.number
    nhs = NhsNumber.parse(about.nhs_number)
    if nhs is not None:
        return f"nhs:{nhs.digits}"
    if about.nhs_number:
        return Fault(reason=Reason.BAD_VALUE, place=letter.where, detail="not an NHS number")
    return Fault(reason=Reason.NO_PATIENT, place=letter.where, detail=called(letter.media))
