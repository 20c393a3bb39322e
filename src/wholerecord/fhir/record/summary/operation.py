"""`GET /record/fhir/Patient/{id}/$summary`. Source: IPS 2.0.0, operation Patient-summary."""

from starlette.responses import Response

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.record.summary.document import document
from wholerecord.fhir.record.summary.pieces import Summaries
from wholerecord.record import PersonId


async def summary(
    summaries: Summaries, door: Door, purpose: Purpose, person: PersonId, version: str
) -> Response:
    """200 with the document of what the asker may see, or 403 with the rule that refused."""
    opened = await door.open(person, purpose=purpose, part="$summary")
    if isinstance(opened, Refused):
        return refusal(opened)
    pieces = summaries.begin(opened)
    found = document(opened, version, pieces)
    summaries.made(opened, pieces)
    return answer(found)
