"""What a provider publishes of itself, and its keys: remembered a little, then asked again.

Source: OpenID Connect Discovery 1.0 sections 3 and 4; RFC 7517 (JWK sets).
"""

import time
from collections.abc import Callable
from typing import Any

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from wholerecord.signin.provider import Provider
from wholerecord.signin.unproven import Unproven, Why
from wholerecord.signin.wire import Wire

#: Seconds for which what is published is believed: a key that was withdrawn counts for no longer.
_BELIEVED = 300.0
#: Seconds between two questions for a key that was not there: forged key ids must not be a flood.
_AGAIN = 10.0

Key = RSAKey | ECKey


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """The endpoints."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""


class _Keys(msgspec.Struct, frozen=True):
    keys: tuple[dict[str, Any], ...]


class Published:
    """One provider's metadata and keys."""

    def __init__(
        self, provider: Provider, wire: Wire, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._provider = provider
        self._wire = wire
        self._clock = clock
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, dict[str, Key]] | None = None

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

    async def key(self, id: str) -> Key:
        """The public key with this id; the set is asked for again where it is not in it.

        Raises:
            Unproven: no such key is published now.
        """
        age = self._clock() - self._keys[0] if self._keys else float("inf")
        if age > _BELIEVED or (age > _AGAIN and self._keys and id not in self._keys[1]):
            await self._ask()
        keys = self._keys[1] if self._keys else {}
        if not id and len(keys) == 1:  # Core 1.0 section 10.1: one key needs no name
            return next(iter(keys.values()))
        if id not in keys:
            raise Unproven(Why.UNKNOWN_KEY)
        return keys[id]

    async def _ask(self) -> None:
        metadata = await self.metadata()
        said = await self._wire.get(metadata.jwks_uri, _Keys)
        keys = {name: key for one in said.keys for name, key in _public(one)}
        self._keys = (self._clock(), keys)


def _public(one: dict[str, Any]) -> list[tuple[str, Key]]:
    """The key by its id, when it is a public key for signatures. A shared secret is never one."""
    name, use = one.get("kid", ""), one.get("use", "sig")
    kinds: dict[Any, type[Key]] = {"RSA": RSAKey, "EC": ECKey}
    kind = kinds.get(one.get("kty"))
    if kind is None or use != "sig" or not isinstance(name, str):
        return []
    try:
        return [(name, kind.import_key(one))]
    except (JoseError, ValueError, TypeError, KeyError):
        return []
