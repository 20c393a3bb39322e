"""What CIS2 and NHS login say of somebody: the claims this program reads, and no others.

Source: NHS Care Identity Service 2, "ID token" and "UserInfo" (levels of assurance, national RBAC
roles); NHS login, "Scopes and claims", "Vectors of trust".
"""

import msgspec

from wholerecord.signin.token import Standing


class StaffToken(Standing, frozen=True, kw_only=True):
    """What the identity token of a member of staff says besides."""

    id_assurance_level: str
    authentication_assurance_level: str


class StaffRole(msgspec.Struct, frozen=True, kw_only=True):
    """One role of `nhsid_nrbac_roles`. `role_code` is `S…:G…:R…`."""

    org_code: str
    person_roleid: str
    role_code: str
    activity_codes: tuple[str, ...] = ()


class Organisation(msgspec.Struct, frozen=True, kw_only=True):
    """One organisation of `nhsid_user_orgs`."""

    org_code: str
    org_name: str = ""


class StaffInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What the user-info endpoint says of a member of staff."""

    sub: str
    nhsid_nrbac_roles: tuple[StaffRole, ...]
    name: str = ""
    selected_roleid: str = ""
    nhsid_user_orgs: tuple[Organisation, ...] = ()


class PersonToken(Standing, frozen=True, kw_only=True):
    """What the identity token of one of the public says besides."""

    vot: str


class PersonInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What the user-info endpoint says of one of the public. `birthdate` is YYYY-MM-DD."""

    sub: str
    nhs_number: str
    birthdate: str
    family_name: str = ""
    given_name: str = ""
