"""A provider says that somebody signed out there: a logout token.

Source: OpenID Connect Back-Channel Logout 1.0 sections 2.4 and 2.6.
"""

from datetime import datetime
from typing import Any

import msgspec

from wholerecord.signin.party import Party, name_of
from wholerecord.signin.token import opened, read
from wholerecord.signin.unproven import Unproven, Why

_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_LEEWAY, _OLDEST = 60, 600


class _Logout(msgspec.Struct, frozen=True, kw_only=True):
    iss: str
    aud: str | tuple[str, ...]
    iat: int
    jti: str
    events: dict[str, Any]
    exp: int | None = None
    sub: str = ""
    sid: str = ""
    nonce: str | None = None


async def signed_out(party: Party, token: str, *, now: datetime) -> tuple[str, tuple[str, ...]]:
    """The token's own name, to be spent, and the names of the sessions that it ends.

    A token with a nonce is an identity token that somebody tries to use as this: refused.

    Raises:
        Unproven: it is not one of this provider's, for us, now.
    """
    said = read(await opened(token, party.published.keys), _Logout)
    provider = party.provider
    if said.iss != provider.issuer:
        raise Unproven(Why.ANOTHER_ISSUER)
    if provider.client not in ((said.aud,) if isinstance(said.aud, str) else said.aud):
        raise Unproven(Why.AUDIENCE)
    moment = now.timestamp()
    over = said.exp is not None and said.exp <= moment - _LEEWAY
    if over or not moment - _OLDEST < said.iat < moment + _LEEWAY:
        raise Unproven(Why.EXPIRED)
    if said.nonce is not None or _EVENT not in said.events or not (said.sid or said.sub):
        raise Unproven(Why.WRONG_SHAPE)
    one = ("sid", said.sid) if said.sid else ("sub", said.sub)
    return name_of(provider, "logout", said.jti), (name_of(provider, *one),)
