"""`GET /record/fhir/Patient/{id}`: one person. Source: FHIR R4, RESTful API, "read"."""

from datetime import datetime

from starlette.responses import Response

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose, View
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.record.patient import patient
from wholerecord.record import PersonId


async def read_patient(
    door: Door, purpose: Purpose, person: PersonId, at: datetime | None = None
) -> Response:
    """200 with the Patient (as known at `at`), or 403 with the rule that refused.

    Whoever has become another is answered as PDS does: with the Patient they are now, by its id; as
    known at `at`, with the Patient they were, which says by whom it is replaced.
    """
    opened = await door.open(person, purpose=purpose, view=View.DEMOGRAPHICS, at=at)
    if isinstance(opened, Refused):
        now = None if at else await door.became(person)
        if now is None:
            return refusal(opened)
        again = await door.open(now, purpose=purpose, view=View.DEMOGRAPHICS)
        if isinstance(again, Refused):
            return refusal(opened)
        opened = again
    return answer(patient(opened.person, opened.record, opened.now))
