"""Who each source says a person is, and how its patients came to be one person."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from wholerecord.access import Opened, Refused
from wholerecord.care.titles import titles_of
from wholerecord.consent import Role, View
from wholerecord.errors import Incorrect
from wholerecord.people import Act, Demographics, LinkEvent, Member
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.provenance import PATIENT
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Visit
from wholerecord.record import PatientId

_ACTS = {
    Act.LINK: "linked by rule",
    Act.MERGE: "merged by the source",
    Act.JOIN: "joined by a person",
    Act.UNLINK: "taken out by a person",
    Act.UNMERGE: "taken apart by the source",
    Act.VETO: "found not to be this person",
    Act.RETRACT: "that they are not this person was taken back",
    Act.UNSURE: "looked at, and not to be told",
    Act.PROPOSE: "to be taken out, once a second person agrees",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """What one source says of who they are."""

    source: str
    number: str
    name: str
    born: str
    sex: str
    nhs_number: str
    address: str
    patient: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One decision about who is who, with its evidence."""

    at: str
    act: str
    by: str
    why: str
    weight: str
    parts: tuple[tuple[str, str, str], ...]


async def who(visit: Visit) -> Response:
    """Every source's demographics side by side, and every linking decision."""
    purpose, given = visit.care
    decides = visit.persona.role is Role.GOVERNANCE
    opened = await visit.door.open(
        visit.person,
        purpose=purpose,
        view=View.RULING if decides else View.DEMOGRAPHICS,
        part="identity",
        given=given,
        at=visit.at,
    )
    if isinstance(opened, Refused):
        return refused_page(visit, opened, person=visit.person)
    return visit.page(
        "clinician/who.html",
        members=member_lines(opened),
        events=event_lines(await visit.door.links(opened, at=visit.at)),
        at=words.moment(visit.at) if visit.at else "",
        misled=await visit.door.misled(opened),
        misinformed=await visit.door.misinformed(opened),
        questions=() if visit.at else await visit.door.questions(opened),
        name=_best_name(opened),
        links=Links(base=f"/people/{visit.person}"),
        may_read=visit.persona.role not in (Role.RECEPTIONIST, Role.GOVERNANCE),
        may_unlink=decides and visit.at is None and len(opened.members) > 1,
        may_review=decides,
    )


async def unlink(visit: Visit) -> Response:
    """Take a patient out of a person: back to who they were before."""
    sent = await visit.form()
    patient = sent.one("patient")
    if not PATIENT.fullmatch(patient):
        raise Incorrect("Choose a patient.")
    event = await visit.door.unlink(PatientId(int(patient)), why=sent.reason())
    if isinstance(event, Refused):
        return refused_page(visit, event)
    return RedirectResponse(f"/people/{visit.person}/who", status_code=303)


def member_lines(opened: Opened) -> tuple[MemberLine, ...]:
    """Each patient as their source knows them; no address at all once any source restricts it."""
    titles = titles_of(opened.feeds)
    restricted = any(member.demographics.restricted for member in opened.members)
    return tuple(
        _member(member, titles.get(member.source, member.source), restricted=restricted)
        for member in opened.members
    )


def event_lines(events: Sequence[LinkEvent]) -> tuple[EventLine, ...]:
    """Each linking decision with the weight of every comparison."""
    return tuple(
        EventLine(
            at=words.moment(event.at),
            act=_ACTS[event.act],
            by=event.by,
            why=event.why,
            weight=f"{event.weight:+.1f}",
            parts=tuple((p.comparison, f"{p.weight:+.1f}", p.why) for p in event.parts),
        )
        for event in events
    )


def _member(member: Member, source: str, *, restricted: bool) -> MemberLine:
    who = member.demographics
    return MemberLine(
        source=source,
        number=member.number,
        name=str(who.name) if who.name else "not said",
        born=who.born.say() if who.born else "not said",
        sex=words.sex(who.sex),
        nhs_number=_number(who),
        address="withheld" if restricted else _address(who),
        patient=member.patient,
    )


def _number(who: Demographics) -> str:
    if who.nhs_number:
        return f"{who.nhs_number}, {words.number_status(who.nhs_status)}"
    return f"{who.bad_nhs_number}, not a valid number" if who.bad_nhs_number else "not said"


def _address(who: Demographics) -> str:
    if not who.addresses:
        return "not said"
    first = who.addresses[0]
    return ", ".join(part for part in (*first.lines, first.postcode or "") if part)


def _best_name(opened: Opened) -> str:
    best = opened.record.who.best if opened.record.who else Demographics()
    return str(best.name) if best.name else "Name not said"
