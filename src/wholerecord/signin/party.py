"""The relying party: begins sign-ins at a provider and finishes them."""

import base64
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from wholerecord.errors import Incorrect
from wholerecord.signin.begin import Begun, address
from wholerecord.signin.claims import PersonInfo, PersonToken, StaffInfo, StaffToken
from wholerecord.signin.provider import Door, Provider
from wholerecord.signin.published import Published
from wholerecord.signin.token import check, opened, read
from wholerecord.signin.unproven import Unproven, Why
from wholerecord.signin.who import Citizen, Member, citizen, member
from wholerecord.signin.wire import Wire

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_LASTS = timedelta(minutes=1)


class BadKey(Incorrect):
    """The file of our key at an identity provider is not a private RSA or EC key in PEM."""


class _Tokens(msgspec.Struct, frozen=True, kw_only=True):
    access_token: str
    id_token: str
    token_type: str = "Bearer"  # noqa: S105 - RFC 6750's name for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """Who was signed in, and the names by which the provider may end it: `sub` and `sid`."""

    who: Member | Citizen
    names: tuple[str, ...]


class Party:
    """Us, at one identity provider."""

    def __init__(
        self,
        provider: Provider,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.provider = provider
        also = (f"https://{host}" for host in provider.hosts)
        self._wire = Wire((provider.issuer, *also), transport)
        self.published = Published(provider, self._wire, clock)
        self._key = _private(provider.key) if provider.key else None

    async def address(self, begun: Begun, *, again: bool) -> str:
        """Where to send the browser: see `begin.address`."""
        metadata = await self.published.metadata()
        return address(begun, self.provider, metadata.authorization_endpoint, again=again)

    async def farewell(self) -> str:
        """Where somebody signs out at the provider; our own sign-in page where it names nothing.

        Source: OpenID Connect RP-Initiated Logout 1.0 section 2. Which session it is the provider
        asks the person: we keep no identity token to name it by.
        """
        home = urljoin(self.provider.back, "/sign-in")
        endpoint = (await self.published.metadata()).end_session_endpoint
        if not endpoint:
            return home
        parts = urlsplit(endpoint)
        asked = urlencode({"client_id": self.provider.client, "post_logout_redirect_uri": home})
        return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, asked)))))

    async def finish(
        self, begun: Begun | None, said: Mapping[str, str], *, now: datetime
    ) -> Proven:
        """Who came back, by what the browser brought and the provider says.

        Raises:
            Unproven: anything at all is not as it must be.
        """
        if begun is None or begun.door is not self.provider.door or now >= begun.until:
            raise Unproven(Why.NOT_BEGUN)
        if not hmac.compare_digest(said.get("state", "").encode(), begun.state.encode()):
            raise Unproven(Why.WRONG_STATE)
        if said.get("iss", self.provider.issuer) != self.provider.issuer:  # RFC 9207
            raise Unproven(Why.ANOTHER_ISSUER)
        if not said.get("code"):
            raise Unproven(Why.DECLINED)
        tokens = await self._tokens(said["code"], begun, now)
        payload = await opened(tokens.id_token, self.published.keys)
        return await self._who(payload, tokens.access_token, begun, now)

    async def _who(self, payload: bytes, bearer: str, begun: Begun, now: datetime) -> Proven:
        provider = self.provider
        metadata = await self.published.metadata()
        staff = provider.door is Door.STAFF
        token = read(payload, StaffToken if staff else PersonToken)
        check(token, issuer=provider.issuer, client=provider.client, now=now, nonce=begun.nonce)
        if isinstance(token, StaffToken):
            info = await self._wire.get(metadata.userinfo_endpoint, StaffInfo, bearer=bearer)
            who = member(token, info, provider.roles)
        else:
            said = await self._wire.get(metadata.userinfo_endpoint, PersonInfo, bearer=bearer)
            who = citizen(token, said)
        names = (name_of(provider, "sub", token.sub), name_of(provider, "sid", token.sid))
        return Proven(who=who, names=names if token.sid else names[:1])

    async def _tokens(self, code: str, begun: Begun, now: datetime) -> _Tokens:
        """The code exchanged, by whoever can prove that they are us and began this."""
        provider = self.provider
        endpoint = (await self.published.metadata()).token_endpoint
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": provider.back,
            "code_verifier": begun.verifier,
            "client_id": provider.client,
        }
        if self._key is None:
            pair = f"{quote(provider.client, safe='')}:{quote(provider.secret, safe='')}"
            basic = base64.b64encode(pair.encode()).decode()
            return await self._wire.post(endpoint, _Tokens, form, basic=basic)
        form |= {
            "client_assertion_type": _ASSERTION,
            "client_assertion": self._assertion(endpoint, self._key, now),
        }
        return await self._wire.post(endpoint, _Tokens, form)

    def _assertion(self, endpoint: str, key: RSAKey | ECKey, now: datetime) -> str:
        """That it is us, signed. Source: RFC 7523; NHS login asks for RS512."""
        header = {"alg": "RS512" if isinstance(key, RSAKey) else "ES256", "typ": "JWT"}
        if self.provider.key_id:
            header["kid"] = self.provider.key_id
        claims = {
            "iss": self.provider.client,
            "sub": self.provider.client,
            "aud": endpoint,
            "jti": secrets.token_urlsafe(16),
            "iat": int(now.timestamp()),
            "exp": int((now + _ASSERTION_LASTS).timestamp()),
        }
        return jwt.encode(header, claims, key, algorithms=[header["alg"]])


def name_of(provider: Provider, claim: str, value: str) -> str:
    """What a session is called on the list of those that ended, by a claim of the provider's."""
    return f"{claim} {provider.issuer} {value}"


def _private(pem: str) -> RSAKey | ECKey:
    for kind in (RSAKey, ECKey):
        try:
            key = kind.import_key(pem)
        except (JoseError, ValueError, TypeError):
            continue
        if key.is_private:
            return key
    raise BadKey
