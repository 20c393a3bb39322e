"""An identity token, checked: who signed it, for whom, when, and in answer to what.

Source: OpenID Connect Core 1.0 section 3.1.3.7; RFC 8725 (JWT best current practices).
"""

import hmac
from datetime import datetime
from typing import TypeVar

import msgspec
from joserfc import jws
from joserfc.errors import JoseError

from wholerecord.signin.keys import KeySet
from wholerecord.signin.unproven import Unproven, Why

#: Asymmetric signatures only: with a shared secret whoever may check could also sign.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
#: Seconds by which two clocks may differ, and the age at which a fresh token is not one.
_LEEWAY, _OLDEST = 60, 600

T = TypeVar("T")


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What every identity token says. Moments are seconds since 1970."""

    iss: str
    sub: str
    aud: str | tuple[str, ...]
    exp: int
    iat: int
    nonce: str = ""
    azp: str = ""
    sid: str = ""


class _Header(msgspec.Struct, frozen=True):
    alg: str
    kid: str = ""
    crit: tuple[str, ...] = ()


async def opened(token: str, keys: KeySet) -> bytes:
    """What a token signed with one of these keys says, its signature checked; nothing else is.

    Raises:
        Unproven: it is not one.
    """
    try:
        said = jws.extract_compact(token.encode("ascii"))
        header = msgspec.convert(said.headers(), _Header)
    except (JoseError, ValueError, msgspec.ValidationError):
        raise Unproven(Why.WRONG_SHAPE) from None
    if header.alg not in ALGORITHMS or header.crit:
        raise Unproven(Why.ALGORITHM)
    key = await keys.key(header.kid)
    try:
        return jws.deserialize_compact(token, key, algorithms=[header.alg]).payload or b""
    except (JoseError, ValueError):
        raise Unproven(Why.FORGED) from None


def read(payload: bytes, type: type[T]) -> T:
    """The claims that `type` names.

    Raises:
        Unproven: one is missing, or of the wrong type.
    """
    try:
        return msgspec.json.decode(payload, type=type)
    except msgspec.DecodeError:
        raise Unproven(Why.WRONG_SHAPE) from None


def check(said: Standing, *, issuer: str, client: str, now: datetime, nonce: str) -> None:
    """Let pass only what this issuer said to this client, now, in answer to this nonce.

    Raises:
        Unproven: it is something else.
    """
    if said.iss != issuer:
        raise Unproven(Why.ANOTHER_ISSUER)
    meant = (said.aud,) if isinstance(said.aud, str) else said.aud
    if client not in meant or (said.azp or client) != client:
        raise Unproven(Why.AUDIENCE)
    if len(meant) > 1 and not said.azp:
        raise Unproven(Why.AUDIENCE)
    moment = now.timestamp()
    if not (moment - _LEEWAY < said.exp and moment - _OLDEST < said.iat < moment + _LEEWAY):
        raise Unproven(Why.EXPIRED)
    if not said.sub:
        raise Unproven(Why.WRONG_SHAPE)
    if not nonce or not hmac.compare_digest(said.nonce.encode(), nonce.encode()):
        raise Unproven(Why.NONCE)
