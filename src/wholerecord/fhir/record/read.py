"""`GET /record/fhir/Patient/{id}`: one person. Source: FHIR R4, RESTful API, "read"."""

from starlette.responses import Response

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose, View
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.record.patient import patient
from wholerecord.record import PersonId


async def read_patient(door: Door, purpose: Purpose, person: PersonId) -> Response:
    """200 with the Patient, or 403 with the rule that refused."""
    opened = await door.open(person, purpose=purpose, view=View.DEMOGRAPHICS)
    if isinstance(opened, Refused):
        return refusal(opened)
    return answer(patient(person, opened.record))
