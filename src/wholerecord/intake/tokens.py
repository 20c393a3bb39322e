"""The token of each source: what it brings with what it posts, and no other source's.

A source's token is the file NAME.token in a folder that only its owner reads, or a pair
`NAME=TOKEN` of the environment. To take a token away, remove the file.
"""

import hmac
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from wholerecord.errors import Incorrect

#: The shortest token that is taken: shorter ones can be guessed.
SHORTEST = 32


class BadTokens(Incorrect):
    """WHOLERECORD_TOKENS must be pairs SOURCE=TOKEN, each token of 32 characters or more."""


class Tokens:
    """Who may post as which source."""

    def __init__(self, folder: Path, given: Mapping[str, str]) -> None:
        self._folder = folder
        self._given = given

    def file(self, source: str) -> Path:
        """Where the token of that source is kept, whatever characters its name has."""
        return self._folder / f"{quote(source, safe='')}.token"

    def admits(self, source: str, token: str) -> bool:
        """Whether `token` is that source's. A source without a token admits nobody."""
        own = self._given.get(source) or self._read(source)
        return len(own) >= SHORTEST and hmac.compare_digest(own.encode(), token.encode())

    def _read(self, source: str) -> str:
        try:
            return self.file(source).read_text("ascii").strip()
        except (OSError, ValueError):
            return ""


def pairs(said: str) -> dict[str, str]:
    """The tokens of an environment's text, by source.

    Raises:
        BadTokens: it is not made of such pairs.
    """
    found: dict[str, str] = {}
    for pair in said.split():
        source, _, token = pair.rpartition("=")
        if not source or len(token) < SHORTEST:
            raise BadTokens
        found[source] = token
    return found
