"""Which role somebody has here, by the role code and activities that CIS2 gives: a table.

Source: NHS National RBAC Database, job roles (the last part of `S…:G…:R…`). A demonstration until
an information governance lead signs it; a site adds rows of its own in `sign-in.toml`.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec

from wholerecord.consent import Role


class RoleRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A job role, with an activity where only those who may do that are meant, and the role."""

    code: str
    role: Role
    activity: str = ""


class _Table(msgspec.Struct, frozen=True):
    role: tuple[RoleRow, ...]


@cache
def declared() -> tuple[RoleRow, ...]:
    """The rows that ship with the program."""
    text = (files("wholerecord.signin") / "roles.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=_Table).role


def role_of(code: str, activities: Sequence[str], ours: Sequence[RoleRow] = ()) -> Role | None:
    """The role of the first row that fits, or None: what is not in the table is nobody here.

    A site's rows go before the declared ones, and a row with an activity before one without.

    >>> role_of("S8000:G8000:R8001", ())
    <Role.NURSE: 'nurse'>
    >>> role_of("R80010", ()) is None
    True
    """
    job = code.rpartition(":")[2]
    rows = sorted((*ours, *declared()), key=lambda row: not row.activity)
    fits = (
        row.role
        for row in rows
        if row.code == job and (not row.activity or row.activity in activities)
    )
    return next(fits, None)
