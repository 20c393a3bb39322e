"""The session: one encrypted cookie, and the form token that goes with it.

The cookie is sealed (`signin.Sealed`): one that was changed, or made by anybody else, does not
open. The server keeps nothing of it but, once it has ended, that it has: so any process can answer
any request, and a copy of the cookie is worth nothing after signing out.
"""

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wholerecord.portal.shared.persona import Persona
from wholerecord.record import PersonId
from wholerecord.signin import Sealed

COOKIE = "wholerecord"
#: A working shift, with the handover at either end.
LASTS = timedelta(hours=10)
#: A computer nobody touched for this long is nobody's: NHS login's own limit is as long.
IDLE = timedelta(minutes=15)
#: How often a cookie is written again to say that somebody is still there.
_REFRESHED = timedelta(minutes=1)
#: How long a broken glass stays broken: one consultation, not the rest of the day.
GLASS_LASTS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glass:
    """One person's record opened in an emergency, with the reason typed for it."""

    person: PersonId
    given: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is signed in, until when at most, and the secret of their forms.

    `persona` is an id; `proven` is who that is, where an identity provider said so, and None in the
    demonstration. `touched` is when they last did something; `names` are what the provider may end
    it by.
    """

    persona: str
    form: str
    until: datetime
    id: str
    begun: datetime
    touched: datetime
    proven: Persona | None = None
    names: tuple[str, ...] = ()
    glass: Glass | None = None

    @classmethod
    def begin(
        cls,
        persona: str,
        *,
        now: datetime,
        proven: Persona | None = None,
        names: tuple[str, ...] = (),
    ) -> "Session":
        """A new session, with a form secret of its own."""
        return cls(
            persona=persona,
            form=secrets.token_hex(16),
            until=now + LASTS,
            id=secrets.token_hex(16),
            begun=now,
            touched=now,
            proven=proven,
            names=names,
        )

    def breaking(self, person: PersonId, given: str, *, now: datetime) -> "Session":
        """This session, with the glass of one person's record broken for a while."""
        return replace(self, glass=Glass(person=person, given=given, until=now + GLASS_LASTS))

    def is_over(self, now: datetime) -> bool:
        """Whether it is too old, or nobody did anything in it for too long."""
        return now >= min(self.until, self.touched + IDLE)

    def touch(self, now: datetime) -> "Session | None":
        """This session with somebody there now; None while what it says is fresh enough."""
        return replace(self, touched=now) if now - self.touched >= _REFRESHED else None

    @property
    def own_name(self) -> str:
        """What it is called on the list of those that ended."""
        return f"session {self.id}"


class Seal:
    """Writes sessions so that only the holder of the same secret can read or make them."""

    def __init__(self, secret: bytes) -> None:
        self._sealed = Sealed(secret, "session", Session)
        self.secret = secret

    def write(self, session: Session) -> str:
        """The session as a cookie's value."""
        return self._sealed.write(session)

    def read(self, value: str, *, now: datetime) -> Session | None:
        """The session in a cookie's value, or None when it is not one of ours or is over."""
        session = self._sealed.read(value)
        return None if session is None or session.is_over(now) else session


def form_token(session: Session) -> str:
    """The hidden field of a form: the session's secret under a fresh mask, in hexadecimal.

    Masked because the pages are compressed: the length of a page must not give the secret away
    (BREACH, 2013).
    """
    form = bytes.fromhex(session.form)
    mask = secrets.token_bytes(len(form))
    return (mask + _xor(mask, form)).hex()


def is_form_token(session: Session, token: str) -> bool:
    """Whether `token` was made for this session."""
    try:
        both = bytes.fromhex(token)
    except ValueError:
        return False
    form = bytes.fromhex(session.form)
    mask, masked = both[: len(form)], both[len(form) :]
    return len(masked) == len(form) and hmac.compare_digest(_xor(mask, masked), form)


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
