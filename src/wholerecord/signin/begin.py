"""Sending somebody to their identity provider: authorisation code with PKCE.

Source: OpenID Connect Core 1.0 section 3.1.2; RFC 7636 (S256); NHS login, vectors of trust; CIS2,
scopes `nationalrbacaccess` and `selectedrole`.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit

from wholerecord.signin.provider import Door, Provider

#: How long somebody may take at their provider, with a card to find and a reader to wake.
LASTS = timedelta(minutes=10)
#: NHS login: identity proved to P9, signed in with two factors.
STRONG = ("P9.Cp.Cd", "P9.Cp.Ck", "P9.Cm")
_SCOPES = {
    Door.STAFF: "openid profile nationalrbacaccess selectedrole",
    Door.PEOPLE: "openid profile",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in that was begun: it is sealed in a cookie and compared with the answer."""

    door: Door
    state: str
    nonce: str
    verifier: str
    next: str
    until: datetime


def begin(door: Door, next: str, *, now: datetime) -> Begun:
    """A new sign-in, that leads to the page `next`."""
    return Begun(
        door=door,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        next=next,
        until=now + LASTS,
    )


def address(begun: Begun, provider: Provider, endpoint: str, *, again: bool) -> str:
    """Where to send the browser. `again`: the provider asks who they are, signed in there or not.

    That is for a shared computer: the last person may still be signed in at the provider.
    """
    asked = {
        "response_type": "code",
        "client_id": provider.client,
        "redirect_uri": provider.back,
        "scope": _SCOPES[provider.door],
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": challenge(begun.verifier),
        "code_challenge_method": "S256",
    }
    if provider.door is Door.PEOPLE:
        asked["vtr"] = json.dumps(STRONG, separators=(",", ":"))
    if again:
        asked["prompt"] = "login"
    parts = urlsplit(endpoint)
    query = "&".join(filter(None, (parts.query, urlencode(asked))))
    return urlunsplit(parts._replace(query=query, fragment=""))


def challenge(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier.

    >>> challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    """
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
