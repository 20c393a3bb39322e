"""Somebody's public keys: remembered a little, then asked for again.

Source: RFC 7517 (JWK sets).
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from wholerecord.signin.unproven import Unproven, Why

#: Seconds for which keys are believed: one that was withdrawn counts for no longer.
_BELIEVED = 300.0
#: Seconds between two questions for a key that was not there: forged key ids must not be a flood.
_AGAIN = 10.0

Key = RSAKey | ECKey


class Jwks(msgspec.Struct, frozen=True):
    """A set of keys as it is published."""

    keys: tuple[dict[str, Any], ...]


class KeySet:
    """The keys that `ask` gives."""

    def __init__(
        self, ask: Callable[[], Awaitable[Jwks]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._keys: tuple[float, dict[str, Key]] | None = None

    async def key(self, id: str) -> Key:
        """The public key with this id; the set is asked for again where it is not in it.

        Raises:
            Unproven: no such key is published now.
        """
        age = self._clock() - self._keys[0] if self._keys else float("inf")
        if age > _BELIEVED or (age > _AGAIN and self._keys and id not in self._keys[1]):
            self._keys = (self._clock(), public_keys(await self._ask()))
        keys = self._keys[1] if self._keys else {}
        if not id and len(keys) == 1:  # Core 1.0 section 10.1: one key needs no name
            return next(iter(keys.values()))
        if id not in keys:
            raise Unproven(Why.UNKNOWN_KEY)
        return keys[id]


def public_keys(said: Jwks) -> dict[str, Key]:
    """The keys by their ids that are for signatures and public. A shared secret is never one."""
    return {name: key for one in said.keys for name, key in _public(one)}


def _public(one: dict[str, Any]) -> list[tuple[str, Key]]:
    name, use = one.get("kid", ""), one.get("use", "sig")
    kinds: dict[Any, type[Key]] = {"RSA": RSAKey, "EC": ECKey}
    kind = kinds.get(one.get("kty"))
    if kind is None or use != "sig" or not isinstance(name, str):
        return []
    try:
        return [(name, kind.import_key(one))]
    except (JoseError, ValueError, TypeError, KeyError):
        return []
