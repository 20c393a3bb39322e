"""What somebody let an app do, and the sealed texts that stand for it.

Tokens are opaque to whoever holds them (decision 16): encrypted, and nothing is stored but the list
of what ended before its time. Each kind is sealed for a purpose of its own, so that a code or a
refresh token is never taken for an access token.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wholerecord.access import Actor
from wholerecord.consent import Role
from wholerecord.record import PersonId
from wholerecord.signin import Sealed
from wholerecord.smart.registered import App
from wholerecord.smart.scope import Scopes

#: SMART: an authorisation code lives a minute or so, an access token an hour at most.
CODE_LASTS = timedelta(minutes=1)
ACCESS_LASTS = timedelta(minutes=15)
SYSTEM_LASTS = timedelta(minutes=5)
#: How long one of the public may let an app in for without being asked again.
OFFLINE_LASTS = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one person let one app do, from when until when at most.

    `session` and `names` are what it ends by: the session it was given in, and that session's own
    names. `patient` is the person the app was opened for.
    """

    id: str
    app: str
    actor: Actor
    scope: str
    begun: datetime
    until: datetime
    patient: PersonId | None = None
    session: str = ""
    names: tuple[str, ...] = ()

    @property
    def scopes(self) -> Scopes:
        """What it lets the app do."""
        return Scopes.parse(self.scope)

    @property
    def ends_by(self) -> tuple[str, ...]:
        """Names that end it whenever they were put on the list of what ended."""
        return (f"grant {self.id}", *((self.session,) if self.session else ()))

    @property
    def ends_since(self) -> tuple[str, ...]:
        """Names that end it where they were put on the list since it began."""
        return (f"app {self.app}", *self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """An authorisation code: for one redirect address and one verifier, once."""

    id: str
    grant: Grant
    redirect: str
    challenge: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """An access token."""

    id: str
    grant: Grant
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """A refresh token: good once, for then another takes its place."""

    id: str
    grant: Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """That an app was opened from a person's record, in this session."""

    person: PersonId
    session: str
    until: datetime


class Seals:
    """What seals each of them, with keys made of the installation's secret."""

    def __init__(self, secret: bytes) -> None:
        self.code = Sealed(secret, "smart code", Code)
        self.access = Sealed(secret, "smart access", Access)
        self.refresh = Sealed(secret, "smart refresh", Refresh)
        self.launch = Sealed(secret, "smart launch", Launch)


def named() -> str:
    """A name that nothing else has."""
    return secrets.token_hex(16)


def service(app: App, scopes: Scopes, *, now: datetime) -> Grant:
    """What a backend service may do in its own name: by default nothing, for no rule names it."""
    actor = Actor(
        id=f"app:{app.id}", name=app.title, role=Role.SYSTEM, organisation=app.organisation
    )
    return Grant(
        id=named(),
        app=app.id,
        actor=actor,
        scope=str(scopes),
        begun=now,
        until=now + SYSTEM_LASTS,
    )


def narrower(grant: Grant, scope: str) -> Grant:
    """The grant with what both it and `scope` allow."""
    return replace(grant, scope=str(Scopes.parse(scope).within(grant.scopes)))
