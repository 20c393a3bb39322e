"""`GET /record/fhir/{type}?…`, `POST …/_search`, `GET …/Patient/{id}/{type}`: the one record.

Source: FHIR R4, Search. See `fhir.searching`; what names nobody is refused.
"""

from dataclasses import replace
from datetime import datetime

from wholerecord.access import Refused
from wholerecord.consent import View
from wholerecord.fhir.record.rendered import Rendered
from wholerecord.fhir.record.worked_out import WORKED_OUT
from wholerecord.fhir.record.world import Looking, found, named
from wholerecord.fhir.search import Plan, scope
from wholerecord.fhir.search.plan import Pointed
from wholerecord.fhir.searching import Asked, Searched, few, nobody_named, not_all, of_groups
from wholerecord.record import PersonId


async def look(rendered: Rendered, asked: Asked, at: datetime | None) -> Searched | Refused:
    """The records that the search is about.

    Raises:
        Incorrect: nobody is named, or too many are.
    """
    door, purpose, plan = asked.door, asked.purpose, asked.plan
    view = View.RECORD
    if plan.type == "Patient" and asked.groups is None and not scope.whole_records(plan):
        view = View.DEMOGRAPHICS
    looking = Looking(
        view=view,
        at=at,
        sourced=_asks_whence(plan),
        worked_out=view is View.RECORD and _asks_worked_out(plan),
        rendered=rendered,
    )
    if asked.groups is not None:
        grouped = await of_groups(asked)
        if isinstance(grouped, Refused):
            return grouped
        there = await found(door, purpose, grouped, looking)
        return replace(there, told=not_all(len(grouped), there.people))
    people = tuple(map(PersonId, scope.patients(plan)))
    few(len(people))
    if people:
        return await named(door, purpose, people, looking)
    who = scope.identity(plan)
    if not who.keys:
        raise nobody_named()
    listed = await door.find(who, purpose=purpose)
    if isinstance(listed, Refused):
        return listed
    return await found(door, purpose, [one.person for one in listed], looking)


def _asks_worked_out(plan: Plan) -> bool:
    """Whether a search can come to what is worked out: else none need be."""
    return (
        plan.type in WORKED_OUT
        or any(one.source in (*WORKED_OUT, "*") for one in plan.includes)
        or any(isinstance(one, Pointed) and one.type in WORKED_OUT for one in plan.filters)
    )


def _asks_whence(plan: Plan) -> bool:
    """Whether a search is about where things come from: else no Provenance need be made."""
    return (
        plan.type == "Provenance"
        or any(one.back and one.source in ("Provenance", "*") for one in plan.includes)
        or any(isinstance(one, Pointed) and one.type == "Provenance" for one in plan.filters)
    )
