"""What happens to people, before any source has put it into words of its own format.

A happening is about one human; `Told` says which source tells it, and as whom that source knows
them. Concepts, medicines and measures are keys of `tables/`; each renderer writes them as codes.
`id` is unique within the region. Times are UTC.
"""

from dataclasses import dataclass
from datetime import date, datetime

from wholerecord.demo.human import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """A condition is recorded. `retracted`: this version says it was entered in error."""

    id: str
    at: datetime
    concept: str
    words: str = ""
    onset: date | None = None
    ended: date | None = None
    suspected: bool = False
    retracted: bool = False
    side: str = ""
    by: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """A medicine is ordered, with the dose as it was written. `until` says it was stopped."""

    id: str
    at: datetime
    medicine: str
    dose: str
    until: date | None = None
    repeat: bool = True
    why: str = ""
    stopped_because: str = ""
    by: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispensing:
    """A pharmacy hands a medicine over, `days` of it. `order` is the prescription's id if known."""

    id: str
    at: datetime
    medicine: str
    dose: str
    quantity: int
    days: int
    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """An allergy, or (substance "") that none is known."""

    id: str
    at: datetime
    substance: str
    reaction: str = ""
    criticality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One measured value as written; `parts` are a blood pressure's two."""

    measure: str
    value: str
    parts: tuple[tuple[str, str], ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Results that belong together. A corrected report has the id of the one it corrects."""

    id: str
    at: datetime
    title: str
    results: tuple[Result, ...]
    specimen: str = ""
    corrected: bool = False
    issued: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Jab:
    """A vaccine is given, or not given and why not."""

    id: str
    at: datetime
    vaccine: str
    batch: str
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A consultation, visit or stay; `until` is None while it lasts."""

    id: str
    at: datetime
    setting: str
    reason: str
    where: str = ""
    until: datetime | None = None
    by: str = ""
    diagnoses: tuple[Diagnosis, ...] = ()
    sensitivities: tuple[Sensitivity, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A procedure was done."""

    id: str
    at: datetime
    concept: str
    words: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter or summary, as plain text."""

    id: str
    at: datetime
    title: str
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A care plan: what is agreed."""

    id: str
    at: datetime
    title: str
    goals: tuple[str, ...]
    activities: tuple[str, ...]
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Words that are no diagnosis: `kind` is about-me, alert, team or carer."""

    id: str
    at: datetime
    kind: str
    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something social care arranges: a package of care, equipment, a visit."""

    id: str
    at: datetime
    kind: str
    words: str
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceReadings:
    """What one home device measured, to be sent together."""

    id: str
    at: datetime
    device: str
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """The source found that `retired` is the same patient as the one it is told of (HL7 A40)."""

    id: str
    at: datetime
    retired: str


Happening = (
    Diagnosis
    | Prescription
    | Dispensing
    | Sensitivity
    | Report
    | Jab
    | Contact
    | Operation
    | Letter
    | Plan
    | Note
    | Service
    | DeviceReadings
    | Merging
)


@dataclass(frozen=True, slots=True)
class Told:
    """One happening, as told by the source that knows the human as `who`."""

    who: Known
    what: Happening
