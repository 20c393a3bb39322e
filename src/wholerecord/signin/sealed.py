"""What we hand out and read again: encrypted, so that only we can make or read it.

Source: RFC 7516 (JWE compact serialisation), direct encryption with A256GCM. Each purpose has a
key of its own: what was sealed for one is nothing to another.
"""

import hashlib
from typing import Generic, TypeVar

import msgspec
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

T = TypeVar("T")
#: The longest text that is looked at: no seal of ours is longer.
_LONGEST = 8_000
#: Texts of ours remembered, each with what it says. Beyond it, all are forgotten and opened again.
_MOST = 4_096


class Sealed(Generic[T]):
    """Seals values of one type for one purpose. The values never change.

    What one of our texts says is remembered, for whoever is signed in shows the same one with each
    request. Whether it still counts is not: that is asked each time, of whoever knows. A text that
    is not ours is remembered never, so nobody else decides what is.
    """

    def __init__(self, secret: bytes, purpose: str, type: type[T]) -> None:
        mixed = hashlib.sha256(purpose.encode() + b"\0" + secret).digest()
        self._key = OctKey.import_key(mixed)
        self._decoder = msgspec.json.Decoder(type)
        self._opened: dict[str, T] = {}

    def write(self, value: T) -> str:
        """The value as text that fits a cookie, a form or a header."""
        return jwe.encrypt_compact(
            {"alg": "dir", "enc": "A256GCM"}, msgspec.json.encode(value), self._key
        )

    def read(self, text: str) -> T | None:
        """The value, or None when we did not seal this text for this purpose."""
        known = self._opened.get(text)
        if known is not None or len(text) > _LONGEST:
            return known
        try:
            opened = jwe.decrypt_compact(text, self._key, algorithms=["dir", "A256GCM"])
            value = self._decoder.decode(opened.plaintext or b"")
        except (JoseError, msgspec.DecodeError, ValueError):
            return None
        if len(self._opened) >= _MOST:
            self._opened.clear()
        self._opened[text] = value
        return value
