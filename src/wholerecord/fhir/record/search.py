"""`GET /record/fhir/{type}?…`, `POST …/_search`, `GET …/Patient/{id}/{type}`: the one record.

Source: FHIR R4, Search. See `fhir.searching`; what names nobody is refused.
"""

from datetime import datetime

from wholerecord.access import Refused
from wholerecord.consent import View
from wholerecord.fhir.record.world import found, named
from wholerecord.fhir.search import scope
from wholerecord.fhir.searching import Asked, Searched, few, nobody_named
from wholerecord.record import PersonId


async def look(asked: Asked, at: datetime | None) -> Searched | Refused:
    """The records that the search is about.

    Raises:
        Incorrect: nobody is named, or too many are.
    """
    door, purpose, plan = asked.door, asked.purpose, asked.plan
    view = View.RECORD
    if plan.type == "Patient" and not scope.whole_records(plan):
        view = View.DEMOGRAPHICS
    people = tuple(map(PersonId, scope.patients(plan)))
    few(len(people))
    if people:
        return await named(door, purpose, people, view, at)
    who = scope.identity(plan)
    if not who.keys:
        raise nobody_named()
    listed = await door.find(who, purpose=purpose)
    if isinstance(listed, Refused):
        return listed
    return await found(door, purpose, [one.person for one in listed], view, at)
