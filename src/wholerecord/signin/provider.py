"""Which identity providers may say who somebody is: the file `sign-in.toml` of the folder.

    address = "https://record.example.org"

    [staff]
    issuer = "https://am.nhsidentity.example:443/realms/Healthcare"
    client = "1234.example"
    secret = "staff.secret"

    [people]
    issuer = "https://auth.login.example"
    client = "wholerecord"
    key = "people.pem"

    [[role]]
    code = "R8008"
    activity = "B0825"
    role = "governance officer"

Secrets and keys are in files of their own, named from the file's own folder, and never in it.
"""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import msgspec

from wholerecord.consent import Role
from wholerecord.errors import Incorrect, Unavailable
from wholerecord.signin.roles import RoleRow
from wholerecord.signin.whereto import is_safe


class BadSignIn(Incorrect):
    """The file sign-in.toml is not as it must be: put right what is named, and start again."""


class NoSecret(Unavailable):
    """The file of a secret that sign-in.toml names cannot be read, or is empty."""


class Door(Enum):
    """Whom a provider vouches for. The value is the word in the address."""

    STAFF = "staff"  #: in CIS2's shapes
    PEOPLE = "people"  #: in NHS login's shapes


class Client(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Us, as one provider knows us. Either `secret` or `key` (PEM) is the name of a file.

    `hosts` are other hosts of the provider's that its endpoints may be on.
    """

    issuer: str
    client: str
    secret: str = ""
    key: str = ""
    key_id: str = ""
    hosts: tuple[str, ...] = ()


class SignIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file says. `address` is where browsers reach this program."""

    address: str
    staff: Client | None = None
    people: Client | None = None
    role: tuple[RoleRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider, with what proves to it who we are. `roles` are the site's own rows."""

    door: Door
    issuer: str
    client: str
    back: str
    secret: str = ""
    key: str = ""
    key_id: str = ""
    hosts: tuple[str, ...] = ()
    roles: tuple[RoleRow, ...] = ()

    def __repr__(self) -> str:
        return f"Provider({self.door.value})"  # a secret must not reach a log


def providers(file: Path) -> tuple[Provider, ...]:
    """The providers that the file names; none where there is no file.

    Raises:
        BadSignIn: it is not TOML, or says what is not safe.
        NoSecret: a secret cannot be read.
    """
    said = _said(file)
    if said is None:
        return ()
    for row in said.role:
        if row.role in (Role.PATIENT, Role.CARER, Role.SYSTEM):
            raise BadSignIn(f"role {row.code}: no member of staff signs in as {row.role.value}.")
    doors = ((Door.STAFF, said.staff), (Door.PEOPLE, said.people))
    return tuple(_provider(file, said, door, one) for door, one in doors if one)


def address_of(file: Path) -> str:
    """Where browsers reach this program, as the file says; "" where there is no file.

    Raises:
        BadSignIn: it is not TOML, or says what is not safe.
    """
    said = _said(file)
    return said.address.rstrip("/") if said else ""


def _said(file: Path) -> SignIn | None:
    try:
        said = msgspec.toml.decode(file.read_text("utf-8"), type=SignIn)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadSignIn(str(error)) from None
    if not is_safe(said.address):
        raise BadSignIn("address: it must be https, or on loopback.")
    return said


def _provider(file: Path, said: SignIn, door: Door, one: Client) -> Provider:
    if not is_safe(one.issuer):
        raise BadSignIn(f"{door.value}: the issuer must be https, or on loopback.")
    if bool(one.secret) == bool(one.key):
        raise BadSignIn(f"{door.value}: name the file of a secret or of a key, and not both.")
    return Provider(
        door=door,
        issuer=one.issuer,
        client=one.client,
        back=f"{said.address.rstrip('/')}/sign-in/{door.value}/back",
        secret=_read(file.parent / one.secret) if one.secret else "",
        key=_read(file.parent / one.key) if one.key else "",
        key_id=one.key_id,
        hosts=one.hosts,
        roles=said.role,
    )


def _read(file: Path) -> str:
    try:
        text = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise NoSecret(file.name) from None
    if not text:
        raise NoSecret(file.name)
    return text
