"""A body encrypted for where it stands: moved to another row, or changed, it does not open.

What is encrypted begins with a byte that no zstandard frame begins with, so bodies written before
there were keys stay readable beside those written since.
"""

import os
from dataclasses import dataclass
from struct import Struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wholerecord.errors import WholerecordError
from wholerecord.storage.keyring import KEY, NONCE

#: First byte of what is encrypted; the second says in which way, the next two with which key.
SEALED = b"\x01"
_HEAD = Struct(">BBH")
_WAY = 1
_STATEMENT = Struct(">cqii")
_MESSAGE = Struct(">ch")
_KEY_OF = Struct(">cqH")
_PROMPT = Struct(">cqc")


class Moved(WholerecordError):
    """An encrypted body does not open where it stands: it was changed or moved. Restore it."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """The `n`-th data key of a patient, or the one of a message (0)."""

    n: int
    cipher: AESGCM

    @classmethod
    def of(cls, n: int, key: bytes) -> "DataKey":
        """The key of these bytes."""
        return cls(n, AESGCM(key))

    def seal(self, body: bytes, place: bytes) -> bytes:
        """`body` encrypted, to be opened at that place only."""
        nonce = os.urandom(NONCE)
        head = _HEAD.pack(SEALED[0], _WAY, self.n)
        return head + nonce + self.cipher.encrypt(nonce, body, head + place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """The body.

        Raises:
            Moved: it is not what was sealed here.
        """
        head, rest = sealed[: _HEAD.size], sealed[_HEAD.size :]
        try:
            return self.cipher.decrypt(rest[:NONCE], rest[NONCE:], head + place)
        except (InvalidTag, ValueError):
            raise Moved from None


def new_key() -> bytes:
    """The bytes of a new data key."""
    return os.urandom(KEY)


def key_number(body: bytes) -> int | None:
    """Which of its data keys a body is encrypted with; None when it is not.

    >>> key_number(b"(a frame of zstandard") is None
    True
    """
    if len(body) < _HEAD.size or body[:1] != SEALED:
        return None
    return int(_HEAD.unpack_from(body)[2])


def statement_place(patient: int, t: int, n: int) -> bytes:
    """Where a statement stands."""
    return _STATEMENT.pack(b"s", patient, t, n)


def message_place(source: int, sha256: bytes) -> bytes:
    """Where a message stands, known before it has a number."""
    return _MESSAGE.pack(b"m", source) + sha256


def key_place(patient: int, n: int) -> bytes:
    """What the `n`-th data key of a patient is bound to."""
    return _KEY_OF.pack(b"k", patient, n)


def prompt_place(opening: int, part: bytes) -> bytes:
    """Where a part of a prompt stands, by the opening it was made with: one has one prompt."""
    return _PROMPT.pack(b"p", opening, part)
