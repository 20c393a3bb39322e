"""Secrets of one installation: made once, in a file that only its owner reads."""

import secrets
from pathlib import Path

from wholerecord.audit import kept_once
from wholerecord.errors import Unavailable

_DIGITS = 64


class BadSecret(Unavailable):
    """A secret's file does not hold the secret this program made; remove it to make another."""


def secret(path: Path) -> str:
    """The secret in the file at `path`, 64 hexadecimal digits; made when the file is missing.

    An empty secret would let everybody in: a file that holds anything else is refused.

    Raises:
        BadSecret: the file is not whole.
    """
    text = kept_once(path, f"{secrets.token_hex(_DIGITS // 2)}\n".encode)
    digits = text.strip()
    if len(digits) != _DIGITS or not digits.isalnum():
        raise BadSecret(path.name)
    return digits.decode("ascii")
