"""Key-encryption keys from a file, and what is wrapped with them: AES-256-GCM, a nonce each.

A data key encrypts the bodies of one patient or one message, and is itself kept wrapped with the
file's newest key: so that a key of the file is replaced without writing one body again, and a body
nobody has the data key of is nobody's to read. Sources: NIST SP 800-38D (GCM), SP 800-57 part 1
(key-encryption keys and their replacement).
"""

import base64
import binascii
import os
import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wholerecord.errors import Incorrect, Unavailable

#: Bytes of a key, and of a nonce.
KEY, NONCE = 32, 12
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_FILE = "file:"


class BadKeyFile(Incorrect):
    """WHOLERECORD_KEYS must be file:PATH, of lines `ID BASE64` with keys of 32 bytes."""


class NoKey(Unavailable):
    """A key that bodies are encrypted under is not in the key file: put it back."""


class WrongKey(Unavailable):
    """A key of the key file is not the one of that name that bodies are encrypted under."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key as it is kept: by which key of the file, and its bytes, of use with that only."""

    kek: str
    data: bytes


class Keyring:
    """The keys of a file by their ids; the last line's wraps."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._keys = {name: AESGCM(key) for name, key in keys.items()}
        self.newest = next(reversed(keys), "")

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the keys."""
        return frozenset(self._keys)

    def wrap(self, key: bytes, about: bytes) -> Wrapped:
        """A data key wrapped with the newest key, to be opened only with the same `about`."""
        nonce = os.urandom(NONCE)
        return Wrapped(self.newest, nonce + self._keys[self.newest].encrypt(nonce, key, about))

    def unwrap(self, wrapped: Wrapped, about: bytes) -> bytes:
        """The data key.

        Raises:
            NoKey: the file has no key of that id.
            WrongKey: it has, and it is another; or the wrapped key stands where it does not belong.
        """
        try:
            by = self._keys[wrapped.kek]
        except KeyError:
            raise NoKey(f"Its id is {wrapped.kek!r}.") from None
        try:
            return by.decrypt(wrapped.data[:NONCE], wrapped.data[NONCE:], about)
        except (InvalidTag, ValueError):
            raise WrongKey(f"Its id is {wrapped.kek!r}.") from None

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self._keys)})"


#: No keys: bodies are written as they are.
NO_KEYS = Keyring({})


def keyring(setting: str) -> Keyring:
    """The keys that WHOLERECORD_KEYS names; "" is no keys.

    Raises:
        BadKeyFile: it cannot be read, or has no key; the message says which line is wrong.
    """
    if not setting:
        return NO_KEYS
    path = setting.removeprefix(_FILE)
    if path in {setting, ""}:
        raise BadKeyFile
    try:
        lines = Path(path).read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadKeyFile("The file cannot be read.") from None
    keys: dict[str, bytes] = {}
    for n, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            name, key = _line(line, n)
            if name in keys:
                raise BadKeyFile(f"Line {n} names a key that was named before.")
            keys[name] = key
    if not keys:
        raise BadKeyFile("It has no key.")
    return Keyring(keys)


def new_line(id: str) -> str:
    """A line of a key file with a new key.

    Raises:
        BadKeyFile: that is no id.
    """
    if not _ID.fullmatch(id):
        raise BadKeyFile("An id has letters, digits, dots, dashes and underscores, at most 64.")
    return f"{id} {base64.b64encode(os.urandom(KEY)).decode()}\n"


def _line(line: str, n: int) -> tuple[str, bytes]:
    name, _, written = line.strip().partition(" ")
    try:
        key = base64.b64decode(written.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY or not _ID.fullmatch(name):
        raise BadKeyFile(f"Line {n} is not an id and a key.")
    return name, key
