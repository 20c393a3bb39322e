"""Who can sign in to the demonstration: people at work, patients, and a carer."""

from collections.abc import Mapping
from dataclasses import dataclass

from wholerecord.consent import Role
from wholerecord.demo import acute, gp, mental_health, pharmacy, social_care
from wholerecord.demo.human import Human
from wholerecord.demo.stories import alike, stroke
from wholerecord.record import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoUser:
    """An invented user. `nhs_number` is whose record is their own; "" for staff and carers.

    `cares_for` are the people whose records they may see on their behalf: NHS number, and name.
    """

    id: str
    name: str
    role: Role
    organisation: str
    place: str
    about: str
    nhs_number: str = ""
    cares_for: tuple[tuple[str, str], ...] = ()


def users(humans: Mapping[str, Human]) -> tuple[DemoUser, ...]:
    """Every user; `humans` are the stories' people by full name."""
    return (*_STAFF, *_people(humans))


def _people(humans: Mapping[str, Human]) -> tuple[DemoUser, ...]:
    margaret, chiamaka = humans["Margaret Holroyd"], humans["Chiamaka Okafor"]
    baby, rebecca = humans["Ada Okafor"], humans["Rebecca Tordoff"]
    return (
        DemoUser(
            id="margaret-holroyd",
            name="Margaret Holroyd",
            role=Role.PATIENT,
            organisation="",
            place="At home in the region",
            about="Seventy-four; had a stroke this year. Reads her own record on her tablet.",
            nhs_number=margaret.nhs_number,
        ),
        DemoUser(
            id=alike.PARENT,
            name="Chiamaka Okafor",
            role=Role.PATIENT,
            organisation="",
            place="At home in the region",
            about="A new mother, with a record of her own and her baby's to look after.",
            nhs_number=chiamaka.nhs_number,
            cares_for=((baby.nhs_number, "Ada Okafor"),),
        ),
        DemoUser(
            id="rebecca-tordoff",
            name="Rebecca Tordoff",
            role=Role.PATIENT,
            organisation="",
            place="Address withheld",
            about="Where she lives must not be seen by anybody, on any screen.",
            nhs_number=rebecca.nhs_number,
        ),
        DemoUser(
            id=stroke.CARER,
            name="Joanne Holroyd",
            role=Role.CARER,
            organisation="",
            place="At home in the region",
            about="Margaret Holroyd's daughter, who helps her and may see her record.",
            cares_for=((margaret.nhs_number, "Margaret Holroyd"),),
        ),
    )


def _works(id: str, name: str, role: Role, works: tuple[Source, str], about: str) -> DemoUser:
    source, place = works
    return DemoUser(
        id=id, name=name, role=role, organisation=source.controller, place=place, about=about
    )


_SURGERY = "Wharfe Bridge Surgery"
#: Organisations that look after no patient: the integrated care board, and a university.
_BOARD, _UNIVERSITY = "QZ9", "8UZ01"
_BOARD_TITLE = "Aireborough and Wharfe Integrated Care Board"

_STAFF = (
    _works(
        "yonas-tesfaye",
        "Dr Yonas Tesfaye",
        Role.DOCTOR,
        (acute.SOURCE, acute.SOURCE.title),
        "Consultant on the stroke ward; sees people he has never met, at night.",
    ),
    _works(
        "helen-garside",
        "Dr Helen Garside",
        Role.GP,
        (gp.SOURCE, _SURGERY),
        "General practitioner; has known many of her patients for twenty years.",
    ),
    _works(
        "jade-ellis",
        "Jade Ellis",
        Role.NURSE,
        (mental_health.SOURCE, mental_health.SOURCE.title),
        "Community nurse; visits people at home, often with no signal.",
    ),
    _works(
        "samir-haddad",
        "Samir Haddad",
        Role.PHARMACIST,
        (pharmacy.SOURCE, pharmacy.SOURCE.title),
        "Community pharmacist; sees what is handed over and what does not fit.",
    ),
    _works(
        "marcia-powell",
        "Marcia Powell",
        Role.SOCIAL_WORKER,
        (social_care.SOURCE, social_care.SOURCE.title),
        "Social worker; arranges care when people come home from hospital.",
    ),
    _works(
        "tracey-booth",
        "Tracey Booth",
        Role.RECEPTIONIST,
        (gp.SOURCE, _SURGERY),
        "Receptionist; finds people and checks who they are, and sees no record.",
    ),
    DemoUser(
        id="kathleen-doherty",
        name="Kathleen Doherty",
        role=Role.GOVERNANCE,
        organisation=_BOARD,
        place=_BOARD_TITLE,
        about="Governance officer; reviews who looked, what is parked, who may be one person.",
    ),
    DemoUser(
        id="tom-bairstow",
        name="Dr Tom Bairstow",
        role=Role.GOVERNANCE,
        organisation=_BOARD,
        place=_BOARD_TITLE,
        about="Clinical safety officer; signs the rules by which records are joined.",
    ),
    DemoUser(
        id="folake-adeyemi",
        name="Dr Folake Adeyemi",
        role=Role.RESEARCHER,
        organisation=_UNIVERSITY,
        place="University of Wharfedale",
        about="Researcher; counts and compares, and never sees who anybody is.",
    ),
    DemoUser(
        id="kai-wong",
        name="Kai Wong",
        role=Role.PLANNER,
        organisation=_BOARD,
        place=_BOARD_TITLE,
        about="Planner; needs to know how many, where and how often.",
    ),
)
