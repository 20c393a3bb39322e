"""The session: one encrypted cookie, and the form token that goes with it.

Source: RFC 7516 (JWE compact serialisation), direct encryption with A256GCM: a cookie that was
changed, or made by anybody else, does not open. Nothing is kept on the server, so any process can
answer any request.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from wholerecord.record import PersonId

COOKIE = "wholerecord"
#: A working shift, with the handover at either end.
LASTS = timedelta(hours=10)
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
    """Who is signed in (a persona's id), until when, and the secret of their forms."""

    persona: str
    form: str
    until: datetime
    glass: Glass | None = None

    @classmethod
    def begin(cls, persona: str, *, now: datetime) -> "Session":
        """A new session, with a form secret of its own."""
        return cls(persona=persona, form=secrets.token_hex(16), until=now + LASTS)

    def breaking(self, person: PersonId, given: str, *, now: datetime) -> "Session":
        """This session, with the glass of one person's record broken for a while."""
        return replace(self, glass=Glass(person=person, given=given, until=now + GLASS_LASTS))


class Seal:
    """Writes sessions so that only the holder of the same secret can read or make them."""

    def __init__(self, secret: bytes) -> None:
        self._key = OctKey.import_key(hashlib.sha256(b"session\0" + secret).digest())

    def write(self, session: Session) -> str:
        """The session as a cookie's value."""
        return jwe.encrypt_compact(
            {"alg": "dir", "enc": "A256GCM"}, msgspec.json.encode(session), self._key
        )

    def read(self, value: str, *, now: datetime) -> Session | None:
        """The session in a cookie's value, or None when it is not one of ours or is over."""
        try:
            opened = jwe.decrypt_compact(value, self._key, algorithms=["dir", "A256GCM"])
            session = msgspec.json.decode(opened.plaintext or b"", type=Session)
        except (JoseError, msgspec.DecodeError, ValueError):
            return None
        return session if now < session.until else None


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
