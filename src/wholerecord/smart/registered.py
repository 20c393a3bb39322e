"""Which apps there are: registered by an operator, each with the most that it may ever ask for.

Source: SMART App Launch 2.2, "Registering a SMART App with an EHR"; RFC 8252 section 7 (redirect
addresses of native apps).
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from enum import Enum
from typing import Protocol
from urllib.parse import urlsplit

import msgspec

from wholerecord.errors import Conflict, Incorrect
from wholerecord.signin.keys import Jwks, public_keys
from wholerecord.signin.whereto import is_safe
from wholerecord.smart.scope import Scopes

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_OWN_SCHEME = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:/[!-~]*")


class BadApp(Incorrect):
    """The app cannot be registered so: put right what is named."""


class KnownApp(Conflict):
    """An app has this id already: remove it first."""


class Proof(Enum):
    """How an app proves that it is itself."""

    NONE = "none"  #: it cannot keep a secret: PKCE alone
    #: client_secret_basic or client_secret_post
    SECRET = "secret"  # noqa: S105 - the name of a way, no secret
    KEY = "key"  #: private_key_jwt


class App(msgspec.Struct, frozen=True, kw_only=True):
    """One app. `scope` is the most it may ask for; `organisation` (ODS code) answers for it.

    `secret` is the SHA-256 of the secret it was given. `keys` or `keys_url` (pinned: fetched from
    there and nowhere else) hold its public keys. `introspects`: it may ask about others' tokens.
    """

    id: str
    title: str
    organisation: str
    scope: str
    proof: Proof
    redirects: tuple[str, ...] = ()
    launch: str = ""
    secret: str = ""
    keys: Jwks | None = None
    keys_url: str = ""
    introspects: bool = False

    @property
    def scopes(self) -> Scopes:
        """The most it may ask for."""
        return Scopes.parse(self.scope)

    def has_secret(self, secret: str) -> bool:
        """Whether this is the secret it was given."""
        return bool(self.secret) and hmac.compare_digest(digest(secret), self.secret)


class Apps(Protocol):
    """Where apps are registered."""

    async def app(self, id: str) -> App | None:
        """The app with this id."""
        ...

    async def apps(self) -> Sequence[App]:
        """All of them, by id."""
        ...

    async def add_app(self, app: App) -> None:
        """Register it.

        Raises:
            KnownApp: the id is taken.
        """
        ...

    async def remove_app(self, id: str) -> bool:
        """Register it no longer; whether it was."""
        ...


def new_secret() -> str:
    """A secret that cannot be guessed: 256 bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """The SHA-256 of a secret we made: long and random, so no slower hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def checked(app: App) -> App:
    """The app, when it may be registered.

    Raises:
        BadApp: an address, a key or a scope is not what it should be.
    """
    if not _ID.fullmatch(app.id):
        raise BadApp("id: 1 to 64 letters, digits, dots, dashes and underscores.")
    if not app.title.strip() or not app.title.isprintable() or len(app.title) > 100:
        raise BadApp("title: a name that people know it by, of up to 100 characters.")
    _check_scope(app)
    for address in app.redirects:
        if not is_redirect(address):
            raise BadApp("redirects: https, http on loopback, or a private scheme with a dot.")
    if app.launch and not is_safe(app.launch):
        raise BadApp("launch: it must be https, or on loopback.")
    if app.proof is Proof.SECRET and not app.secret:
        raise BadApp("secret: there is none.")
    if app.proof is Proof.KEY:
        _check_keys(app)
    return app


def is_redirect(address: str) -> bool:
    """Whether people may be sent back there: nothing but the app itself listens at it."""
    if "#" in address or len(address) > 1000 or not address.isprintable():
        return False
    return is_safe(address) or (
        not urlsplit(address).netloc and _OWN_SCHEME.fullmatch(address) is not None
    )


def _check_scope(app: App) -> None:
    for word in app.scope.split():
        if not str(Scopes.parse(word)):
            raise BadApp(f"scope: {word[:100]!r} is none that is given here.")
    scopes = app.scopes
    if not scopes.rows:
        raise BadApp("scope: name at least one, such as patient/Observation.rs.")
    backend = scopes.of("system").rows
    if backend and (app.proof is not Proof.KEY or scopes.of("patient", "user").rows):
        raise BadApp("scope: system/ scopes are for a backend service alone, proven by a key.")
    if not backend and not app.redirects:
        raise BadApp("redirects: name the address that people are sent back to.")


def _check_keys(app: App) -> None:
    if (app.keys is None) == (not app.keys_url):
        raise BadApp("keys: give a key set or the address of one, and not both.")
    if app.keys_url and not is_safe(app.keys_url):
        raise BadApp("keys: the address must be https, or on loopback.")
    if app.keys is not None and not public_keys(app.keys):
        raise BadApp("keys: no public RSA or EC key for signatures is in the set.")
    private = {"d", "p", "q", "k"}
    if app.keys is not None and any(private & set(one) for one in app.keys.keys):
        raise BadApp("keys: the set holds a private key, which is the app's own affair.")
