"""From a reading to what is written: pure, so that it can run in another process."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from wholerecord.intake.inbox import Filing, PatientFiling
from wholerecord.intake.reading import Kept, Reading, Unreadable
from wholerecord.intake.whom import with_whom
from wholerecord.nhs import PartialDate
from wholerecord.people import demographics_of
from wholerecord.record import PatientKey, Saying


class _Meta(msgspec.Struct):
    lastUpdated: str = ""  # noqa: N815 - FHIR's own name


class _Made(msgspec.Struct):
    """When a resource says this version of it was made."""

    meta: _Meta = msgspec.field(default_factory=_Meta)


_MADE = msgspec.json.Decoder(_Made)


def filing(kept: Kept, reading: Reading | Unreadable) -> Filing:
    """What filing `reading` writes. Pure.

    The directory of a source is filed as the patient with the empty number.
    """
    if isinstance(reading, Unreadable):
        return Filing(
            message=kept.message,
            source=kept.source,
            patients=(),
            merges=(),
            faults=with_whom(kept, reading),
        )
    patients = [
        PatientFiling(
            about=patient.about,
            sayings=patient.sayings,
            demographics=demographics_of(patient.sayings),
            described=described(patient.sayings, kept.received),
        )
        for patient in reading.patients
    ]
    if reading.directory:
        patients.append(
            PatientFiling(
                about=PatientKey(kept.source, ""), sayings=reading.directory, demographics=None
            )
        )
    return Filing(
        message=kept.message,
        source=kept.source,
        patients=tuple(patients),
        merges=tuple(
            replace(each, said=min(each.said or kept.received, kept.received))
            for each in reading.merges
        ),
        faults=with_whom(kept, reading),
        newest=_newest(kept, reading),
    )


def described(sayings: Sequence[Saying], received: datetime) -> datetime | None:
    """When the source wrote the newest `Patient` among them, as far as not after the receipt."""
    times = [
        moment.start
        for saying in sayings
        if saying.kind == "Patient"
        and (moment := PartialDate.parse(_MADE.decode(saying.body).meta.lastUpdated))
    ]
    return min(max(times), received) if times else None


def _newest(kept: Kept, reading: Reading) -> datetime | None:
    """The newest time any saying says it was made, as far as it is not after the receipt."""
    said = {
        _MADE.decode(saying.body).meta.lastUpdated
        for patient in reading.patients
        for saying in patient.sayings
    }  # mostly one and the same
    times = [moment.start for text in said if (moment := PartialDate.parse(text))]
    return min(max(times), kept.received) if times else None
