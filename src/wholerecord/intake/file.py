"""From a reading to what is written: pure, so that it can run in another process."""

from wholerecord.intake.inbox import Filing, PatientFiling
from wholerecord.intake.reading import Kept, Reading, Unreadable
from wholerecord.people import demographics_of
from wholerecord.record import PatientKey


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
            faults=(reading.fault,),
        )
    patients = [
        PatientFiling(
            about=patient.about,
            sayings=patient.sayings,
            demographics=demographics_of(patient.sayings),
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
        merges=reading.merges,
        faults=reading.faults,
    )
