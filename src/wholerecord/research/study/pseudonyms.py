"""Pseudonyms: a number for each person in each project, that nobody can turn back without its key.

Source: RFC 2104 (HMAC) with SHA-256; NHS England, De-identification standard (DSPT evidence 1.1.7).
A hash without a key is no pseudonym: all 10^9 NHS numbers are hashed in minutes.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from wholerecord.errors import Unavailable

_LENGTH = 32


class NoKey(Unavailable):
    """The key of the project is missing or not a key: nothing can be released without it."""


def pseudonym(key: bytes, person: int) -> str:
    """The person's number in the project the key belongs to: 32 hexadecimal digits."""
    said = person.to_bytes(8, "big", signed=True)
    return hmac.new(key, b"wholerecord pseudonym\0" + said, hashlib.sha256).hexdigest()[:32]


def key_id(key: bytes) -> str:
    """What names a key and does not give it away: 16 hexadecimal digits."""
    return hashlib.sha256(b"wholerecord key id\0" + key).hexdigest()[:16]


def make_key(file: Path) -> None:
    """Write a new key, for its owner's eyes only. Another key gives everybody another pseudonym.

    Raises:
        FileExistsError: there is one: a key is never written over.
    """
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(secrets.token_bytes(_LENGTH))


def read_key(file: Path) -> bytes:
    """The key in a file, which stands outside the data.

    Raises:
        NoKey: there is none.
    """
    try:
        key = file.read_bytes()
    except OSError:
        raise NoKey from None
    if len(key) != _LENGTH:
        raise NoKey
    return key


def key_named(file: Path, id: str) -> bytes | None:
    """The key in a file, when it is the one of that `key_id`; None: it is missing, or another."""
    try:
        key = read_key(file)
    except NoKey:
        return None
    return key if key_id(key) == id else None
