"""Which app asks: by a secret, by a signed assertion, or by its name alone where it has neither.

Source: RFC 6749 section 2.3; RFC 7523; SMART App Launch 2.2, "Client Authentication: Asymmetric".
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import unquote_plus

import httpx
import msgspec
from joserfc import jws
from joserfc.errors import JoseError

from wholerecord.signin import Spent, Unproven
from wholerecord.signin.keys import Jwks, KeySet
from wholerecord.signin.token import opened, read
from wholerecord.signin.wire import Wire
from wholerecord.smart.refused import AppRefused, Fault
from wholerecord.smart.registered import App, Apps, Proof

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#: SMART: an assertion lives five minutes at most. Seconds; and by how much clocks may differ.
_LONGEST, _LEEWAY = 300, 30


class _Claims(msgspec.Struct, frozen=True, kw_only=True):
    iss: str
    sub: str
    aud: str | tuple[str, ...]
    exp: int
    jti: str


class _Issuer(msgspec.Struct, frozen=True):
    iss: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a request brought to prove which app asks: its form and its Authorization header."""

    form: Mapping[str, str]
    authorization: str
    endpoint: str


class Provings:
    """Who is who among the apps. `transport` is how their keys come: None is the network."""

    def __init__(
        self,
        apps: Apps,
        spent: Spent,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._apps = apps
        self._spent = spent
        self._transport = transport
        self._clock = clock
        self._keys: dict[str, tuple[App, KeySet]] = {}

    async def app(self, brought: Brought, *, now: datetime) -> App:
        """The app that asks, proven in the way it was registered with and in no other.

        Raises:
            AppRefused: it is not proven.
        """
        basic = _basic(brought.authorization)
        assertion = brought.form.get("client_assertion", "")
        said = brought.form.get("client_id", "")
        name = basic[0] if basic else (_issuer(assertion) if assertion else said)
        secret = basic[1] if basic else brought.form.get("client_secret", "")
        app = await self._apps.app(name)
        if app is None or said not in ("", name):
            raise _unknown()
        if app.proof is Proof.KEY:
            if brought.form.get("client_assertion_type") != ASSERTION or secret:
                raise _unknown()
            await self._assert(app, assertion, brought.endpoint, now)
        elif assertion or not (app.has_secret(secret) if app.proof is Proof.SECRET else not secret):
            raise _unknown()
        return app

    async def _assert(self, app: App, assertion: str, endpoint: str, now: datetime) -> None:
        """Let pass an assertion of this app's, for this endpoint, now, once."""
        try:
            said = read(await opened(assertion, self._key_set(app)), _Claims)
        except Unproven as error:
            raise AppRefused(Fault.CLIENT, str(error)) from None
        moment = now.timestamp()
        meant = (said.aud,) if isinstance(said.aud, str) else said.aud
        if (said.iss, said.sub) != (app.id, app.id) or endpoint not in meant:
            raise AppRefused(Fault.CLIENT, "The assertion is another's, or for another address.")
        if not moment - _LEEWAY < said.exp <= moment + _LONGEST + _LEEWAY or not said.jti:
            raise AppRefused(Fault.CLIENT, "The assertion is over, or lasts longer than it may.")
        until = datetime.fromtimestamp(said.exp + _LEEWAY, UTC)
        if not await self._spent.spend(f"assertion {app.id} {said.jti}", until=until):
            raise AppRefused(Fault.CLIENT, "The assertion was used before.")

    def _key_set(self, app: App) -> KeySet:
        """The app's keys: those it was registered with, or those at the address it was.

        What the assertion's own header says of where keys are (`jku`, `x5u`, `jwk`) is never read.
        """
        known = self._keys.get(app.id)
        if known and known[0] == app:
            return known[1]

        async def ask() -> Jwks:
            if app.keys is not None:
                return app.keys
            return await Wire((app.keys_url,), self._transport).get(app.keys_url, Jwks)

        self._keys[app.id] = (app, KeySet(ask, self._clock))
        return self._keys[app.id][1]


def _unknown() -> AppRefused:
    return AppRefused(Fault.CLIENT, "The app is not known, or did not prove which it is.")


def _basic(header: str) -> tuple[str, str] | None:
    """Name and secret of a Basic header (RFC 6749 section 2.3.1: form-encoded each), or None."""
    kind, _, coded = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise _unknown() from None
    return unquote_plus(name), unquote_plus(secret)


def _issuer(assertion: str) -> str:
    """Whose assertion it says it is. Nothing of it is believed yet."""
    try:
        said = jws.extract_compact(assertion.encode("ascii"))
        return msgspec.json.decode(said.payload or b"", type=_Issuer).iss
    except (JoseError, ValueError, msgspec.DecodeError):
        raise _unknown() from None
