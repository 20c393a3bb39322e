"""False merges looked for: after every link among those just joined, and every night among all.

What is found becomes a question for the desk, with its reason; nobody is parted by rule.
"""

from collections.abc import Iterable

from wholerecord.access.store import Store
from wholerecord.people import Asked, LinkEvent, Member
from wholerecord.people.activity import activity_of
from wholerecord.people.constraints import CROWDED, Known, broken, reasons
from wholerecord.record import PatientId, PersonId, Statement

#: Patients of one person whose statements are read: a crowd is a question by itself.
_MOST = CROWDED + 1


async def detect(store: Store, people: Iterable[PersonId]) -> int:
    """Look for what cannot be so of one person; how many questions are new."""
    asked: list[Asked] = []
    for person in await store.joined(list(people)):
        asked += await _doubts(store, person)
    return await store.ask(asked) if asked else 0


async def detect_all(store: Store) -> int:
    """Look at everybody; how many questions are new. Reads every joined record."""
    return await detect(store, await store.people())


async def _doubts(store: Store, person: PersonId) -> list[Asked]:
    members = _by_link(await store.members(person), await store.events(person))[:_MOST]
    said: dict[PatientId, list[Statement]] = {member.patient: [] for member in members}
    for one in await store.statements({member.patient: member.t for member in members}):
        said[one.patient].append(one)
    cluster = [
        Known(
            patient=member.patient,
            demographics=member.demographics,
            activity=activity_of(said[member.patient]),
        )
        for member in members
    ]
    return [
        Asked(patient=patient, person=person, weight=0.0, parts=(), against=True, why=why)
        for patient, why in reasons(broken(cluster)).items()
    ]


def _by_link(members: Iterable[Member], events: Iterable[LinkEvent]) -> list[Member]:
    """The members in the order in which they last became this person, so that order says who."""
    joined = {event.patient: event.n for event in events}
    return sorted(members, key=lambda member: (joined.get(member.patient, 0), member.patient))
