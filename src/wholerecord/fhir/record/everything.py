"""`GET /record/fhir/Patient/{id}/$everything`: the whole record as one searchset Bundle.

Source: FHIR R4, operation Patient-everything. With every resource comes the Provenance of it; an
app that was not let in to a resource is given nothing of where it came from either.
"""

from starlette.responses import Response

from wholerecord.access import Door, Refused
from wholerecord.care.titles import titles_of
from wholerecord.consent import Purpose
from wholerecord.fhir.granting import scopes_of
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.record.entries import entry
from wholerecord.fhir.record.patient import patient
from wholerecord.fhir.record.provenance import of_patient, provenance
from wholerecord.record import PersonId
from wholerecord.smart import shows


async def everything(door: Door, purpose: Purpose, person: PersonId) -> Response:
    """200 with the Patient and every entry the asker may see, or 403."""
    opened = await door.open(person, purpose=purpose, part="$everything")
    if isinstance(opened, Refused):
        return refusal(opened)
    scopes, titles = scopes_of(door.actor.limits), titles_of(opened.feeds)
    resources = [
        patient(person, opened.record),
        *(entry(person, one) for one in opened.record.entries),
    ]
    made = [
        provenance(one, f"{resource['resourceType']}/{one.key}", titles)
        for one, resource in zip(opened.record.entries, resources[1:], strict=True)
        if shows(scopes, resource, "r")
    ]
    resources += [*of_patient(person, opened.record, titles), *made]
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
