"""What a provider publishes of itself: remembered a little, then asked again.

Source: OpenID Connect Discovery 1.0 sections 3 and 4.
"""

import time
from collections.abc import Callable

import msgspec

from wholerecord.signin.keys import Jwks, KeySet
from wholerecord.signin.provider import Provider
from wholerecord.signin.unproven import Unproven, Why
from wholerecord.signin.wire import Wire

#: Seconds for which what is published is believed.
_BELIEVED = 300.0


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """The endpoints."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""


class Published:
    """One provider's metadata and keys."""

    def __init__(
        self, provider: Provider, wire: Wire, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._provider = provider
        self._wire = wire
        self._clock = clock
        self._metadata: tuple[float, Metadata] | None = None
        self.keys = KeySet(self._jwks, clock)

    async def metadata(self) -> Metadata:
        """The endpoints, each on a host of the provider's.

        Raises:
            Unproven: what is published is another issuer's, or points elsewhere.
        """
        if self._metadata is None or self._clock() - self._metadata[0] > _BELIEVED:
            issuer = self._provider.issuer
            found = await self._wire.get(
                f"{issuer.rstrip('/')}/.well-known/openid-configuration", Metadata
            )
            if found.issuer != issuer:
                raise Unproven(Why.ANOTHER_ISSUER)
            for url in (
                found.authorization_endpoint,
                found.token_endpoint,
                found.userinfo_endpoint,
                found.jwks_uri,
                found.end_session_endpoint or issuer,
            ):
                self._wire.check(url)
            self._metadata = (self._clock(), found)
        return self._metadata[1]

    async def _jwks(self) -> Jwks:
        metadata = await self.metadata()
        return await self._wire.get(metadata.jwks_uri, Jwks)
