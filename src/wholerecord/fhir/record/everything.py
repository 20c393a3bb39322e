"""`GET /record/fhir/Patient/{id}/$everything`: the whole record as one searchset Bundle.

Source: FHIR R4, operation Patient-everything.
"""

from starlette.responses import Response

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.record.entries import entry
from wholerecord.fhir.record.patient import patient
from wholerecord.record import PersonId


async def everything(door: Door, purpose: Purpose, person: PersonId) -> Response:
    """200 with the Patient and every entry the asker may see, or 403."""
    opened = await door.open(person, purpose=purpose, part="$everything")
    if isinstance(opened, Refused):
        return refusal(opened)
    resources = [
        patient(person, opened.record),
        *(entry(person, one) for one in opened.record.entries),
    ]
    return answer(
        {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": len(resources),
            "entry": [
                {
                    "fullUrl": f"{resource['resourceType']}/{resource['id']}",
                    "resource": resource,
                }
                for resource in resources
            ],
        }
    )
