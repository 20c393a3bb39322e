"""Who the claims say somebody is: the one place where claims become a role."""

from collections.abc import Sequence
from dataclasses import dataclass

from wholerecord.consent import Role
from wholerecord.nhs import NhsNumber, PartialDate
from wholerecord.signin.begin import STRONG
from wholerecord.signin.claims import PersonInfo, PersonToken, StaffInfo, StaffRole, StaffToken
from wholerecord.signin.roles import RoleRow, role_of
from wholerecord.signin.unproven import Unproven, Why

#: The national level for access to records: identity proved in person, and a card or key held.
_ENOUGH = "3"
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of staff in the role they selected. `place` is the organisation's name."""

    id: str
    name: str
    role: Role
    organisation: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """One of the public, with the NHS number and day of birth that were verified."""

    id: str
    name: str
    number: NhsNumber
    born: PartialDate


def member(token: StaffToken, info: StaffInfo, ours: Sequence[RoleRow]) -> Member:
    """The member of staff.

    Raises:
        Unproven: not proved strongly enough, or in no role that has a place here.
    """
    if info.sub != token.sub:
        raise Unproven(Why.SUBJECT)
    claimed = f"staff:{token.sub}"
    if (token.id_assurance_level, token.authentication_assurance_level) != (_ENOUGH, _ENOUGH):
        raise Unproven(Why.ASSURANCE, claimed=claimed)
    selected = _selected(info)
    if selected is None:
        raise Unproven(Why.NO_ROLE, claimed=claimed)
    role = role_of(selected.role_code, selected.activity_codes, ours)
    if role is None or not selected.org_code:
        raise Unproven(Why.UNKNOWN_ROLE, claimed=claimed)
    places = {one.org_code: one.org_name for one in info.nhsid_user_orgs}
    return Member(
        id=claimed,
        name=_name(info.name) or "name not given",
        role=role,
        organisation=selected.org_code,
        place=_name(places.get(selected.org_code, "")) or selected.org_code,
    )


def citizen(token: PersonToken, info: PersonInfo) -> Citizen:
    """The person, when they proved who they are to P9 with two factors.

    Raises:
        Unproven: they did not, or a number or date is none.
    """
    if info.sub != token.sub:
        raise Unproven(Why.SUBJECT)
    claimed = f"people:{token.sub}"
    if token.vot not in STRONG:
        raise Unproven(Why.ASSURANCE, claimed=claimed)
    number, born = NhsNumber.parse(info.nhs_number), PartialDate.parse(info.birthdate)
    if number is None or born is None or born.precision != "day":
        raise Unproven(Why.WRONG_SHAPE, claimed=claimed)
    name = _name(f"{info.given_name} {info.family_name}") or "you"
    return Citizen(id=claimed, name=name, number=number, born=born)


def _selected(info: StaffInfo) -> StaffRole | None:
    """The role that was selected; where nothing says which, the only one there is."""
    roles = [
        one
        for one in info.nhsid_nrbac_roles
        if not info.selected_roleid or one.person_roleid == info.selected_roleid
    ]
    return roles[0] if len(roles) == 1 else None


def _name(said: str) -> str:
    """A name fit for a page and a log: printable, one line, not long."""
    plain = "".join(letter if letter.isprintable() else " " for letter in said)
    return " ".join(plain.split())[:_LONGEST_NAME]
