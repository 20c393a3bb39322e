"""What makes relationships with people, by looking through all that was said and written down."""

from datetime import datetime

from wholerecord.access.stated import ORGANIZATION, TYPES, code_of, named_in, stated
from wholerecord.access.tie import Tie
from wholerecord.access.ties import claimed, claims_since, of_person
from wholerecord.consent import View
from wholerecord.people import Member
from wholerecord.record import LogicalId, PatientKey, PersonId
from wholerecord.storage.memory.register import Register
from wholerecord.storage.memory.resources import Resources
from wholerecord.storage.memory.tables import Tables
from wholerecord.storage.rereading import marked
from wholerecord.storage.text import storable


def ties_with(tables: Tables, person: PersonId, now: datetime) -> tuple[Tie, ...]:
    """What makes relationships with this person, as of now."""
    members = Register(tables).members_now(person)
    made = {member.patient: _made(tables, member) for member in members}
    last = {
        (look.actor, look.organisation): look
        for look in tables.openings
        if look.person == storable(person)
        and look.view == View.CLAIM.value
        and look.allowed
        and look.at > claims_since(now)
    }
    return of_person(members, made, claimed(last.values()))


def _made(tables: Tables, member: Member) -> tuple[Tie, ...]:
    patient = tables.patients[member.patient]
    rereads = [one for one in tables.rereads if one.patient == member.patient]
    said = [one for one in patient.statements if one.kind in TYPES]
    said = marked(said, rereads, len(patient.filed))
    codes = {own: _code(tables, member, own) for own in named_in(said)}
    return stated(said, controller=member.controller, codes=codes)


def _code(tables: Tables, member: Member, own: str) -> str:
    """The code of an organisation said of the patient, or of its source's directory."""
    resources = Resources(tables)
    for patient in (member.patient, PatientKey(member.source, "").id):
        version = resources.newest_now(ORGANIZATION, LogicalId.of(patient, own))
        if version is not None and not version.gone and (code := code_of(version.statement.body)):
            return code
    return ""
