"""`$export` of the one record: each person as `$everything` gives them, a resource a line.

Source: HL7 Bulk Data Access IG 2.0. An export is what each opening lets out, as everywhere.
"""

from wholerecord.access import Door, Refused
from wholerecord.care.titles import titles_of
from wholerecord.consent import Purpose
from wholerecord.fhir.bulk.asked import Asked
from wholerecord.fhir.bulk.exports import PART, Taken
from wholerecord.fhir.granting import is_read, scopes_of
from wholerecord.fhir.record.entries import TYPES, entry
from wholerecord.fhir.record.patient import patient
from wholerecord.fhir.record.provenance import of_patient, provenance
from wholerecord.fhir.record.ruled import let_in, ruled
from wholerecord.fhir.record.said_by import Json
from wholerecord.fhir.record.worked_out import given
from wholerecord.record import PersonId, canonical


async def of_record(door: Door, purpose: Purpose, asked: Asked, person: PersonId) -> Taken:
    """The Patient, every entry and where each came from, as far as its asker may see them."""
    taken = Taken()
    opened = await door.open(person, purpose=purpose, part=PART)
    if isinstance(opened, Refused):
        return taken
    scopes, titles = scopes_of(door.actor.limits), titles_of(opened.feeds)

    def take(resource: Json, *sources: Json) -> None:
        """A resource that was let in to, and what says where it came from."""
        if not is_read(scopes, resource["resourceType"], resource):
            return
        for one in (resource, *(each for each in sources if is_read(scopes, "Provenance", each))):
            kind = one["resourceType"]
            if not asked.types or kind in asked.types:
                taken.bodies.setdefault(kind, []).append(canonical(one))

    take(patient(person, opened.record), *of_patient(person, opened.record, titles))
    for one in opened.record.entries:
        resource = entry(person, one)
        take(resource, provenance(one, f"{resource['resourceType']}/{one.key}", titles))
    for held in let_in(
        await ruled(door, opened),
        lambda one: is_read(scopes, TYPES[one.kind], entry(person, one)),
    ):
        take(held.shown)
    today = opened.opening.at.date()
    for held in given(opened, today, lambda one: is_read(scopes, one["resourceType"], one)):
        take(held.shown)
    return taken
