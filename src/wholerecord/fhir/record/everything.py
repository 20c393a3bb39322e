"""`GET /record/fhir/Patient/{id}/$everything`: the whole record as one searchset Bundle.

Source: FHIR R4, operation Patient-everything. With every resource comes the Provenance of it; an
app that was not let in to a resource is given nothing of where it came from either.
"""

import msgspec
from starlette.responses import Response

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose
from wholerecord.fhir.granting import scopes_of
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.record.rendered import Rendered
from wholerecord.record import PersonId
from wholerecord.smart import shows


async def everything(
    rendered: Rendered, door: Door, purpose: Purpose, person: PersonId
) -> Response:
    """200 with the Patient and every entry the asker may see, or 403."""
    opened = await door.open(person, purpose=purpose, part="$everything")
    if isinstance(opened, Refused):
        return refusal(opened)
    scopes, shown = scopes_of(door.actor.limits), rendered.of(opened)
    resources = [shown.person, *(held for held, _ in shown.entries), *shown.whence_person]
    for held, whence in shown.entries:
        if scopes is None or shows(scopes, held.shown, "r"):
            resources += whence
    return answer(
        {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": len(resources),
            "entry": [
                {"fullUrl": f"{one.type}/{one.id}", "resource": msgspec.Raw(one.written)}
                for one in resources
            ],
        }
    )
