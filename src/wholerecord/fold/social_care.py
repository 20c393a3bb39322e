"""Social care: assessments, packages and plans, shown apart from health care.

A statement is social care when a category, type or tag says `social-care` in the system
`https://wholerecord.example/CodeSystem/category`. Source: PRSB Health and Social Care standards.
"""

from wholerecord.fold.care_plans import PlanSaid, detail_of
from wholerecord.fold.entry import made, singly
from wholerecord.fold.plain import plain_entry
from wholerecord.fold.record import Entry, Kind
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Around, Group, Told, Way
from wholerecord.nhs import PartialDate

SOCIAL_CARE = "social-care"


def gather(told: list[Told[Shape]], _around: Around) -> list[Group[Shape]]:
    """Each statement apart."""
    return singly(told)


def make(group: Group[Shape], _around: Around) -> Entry:
    """One plan, service or episode."""
    plain = plain_entry(group, Kind.SOCIAL_CARE, "Social care")
    told = group.told[0]
    body = told.body
    if not isinstance(body, PlanSaid):
        return plain
    return made(
        group,
        Kind.SOCIAL_CARE,
        title=plain.title,
        code=plain.code,
        when=plain.when,
        until=PartialDate.parse(body.period.end) if body.period else None,
        status=plain.status,
        detail=detail_of(
            Group([Told(told.said, body, told.key, told.tags, told.labels)], group.why)
        ),
    )


WAY: Way[Shape] = Way(Kind.SOCIAL_CARE, gather, make)
