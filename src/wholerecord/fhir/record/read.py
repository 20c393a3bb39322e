"""`GET /record/fhir/Patient/{id}`: one person. Source: FHIR R4, RESTful API, "read"."""

from starlette.responses import Response

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose, View
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.record.patient import patient
from wholerecord.record import PersonId


async def read_patient(door: Door, purpose: Purpose, person: PersonId) -> Response:
    """200 with the Patient, or 403 with the rule that refused.

    Whoever has become another is answered as PDS does: with the Patient they are now, by its id.
    """
    opened = await door.open(person, purpose=purpose, view=View.DEMOGRAPHICS)
    if isinstance(opened, Refused):
        now = await door.became(person)
        if now is None:
            return refusal(opened)
        again = await door.open(now, purpose=purpose, view=View.DEMOGRAPHICS)
        if isinstance(again, Refused):
            return refusal(opened)
        opened = again
    return answer(patient(opened.person, opened.record))
