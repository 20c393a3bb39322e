"""Who may receive what leaves: the origins that a site lists.

`WHOLERECORD_RECEIVERS` lists them, spaces between: `https://receiver.example:8443`. One within the
site's own network says so: `inside:http://10.0.0.5:8080`.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from wholerecord.errors import Incorrect

_INSIDE = "inside:"
_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?|[0-9a-f:.]{2,45}")
_PLAIN = re.compile(r"[!-~]{1,2000}")

Origin = tuple[str, str, int]


class BadReceivers(Incorrect):
    """WHOLERECORD_RECEIVERS is origins: https://HOST[:PORT], or inside:http://HOST[:PORT]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivers:
    """Where notifications may go. `inside` are origins at addresses that are not public."""

    outside: frozenset[Origin] = frozenset()
    inside: frozenset[Origin] = frozenset()

    @classmethod
    def parse(cls, words: str) -> "Receivers":
        """From the setting.

        Raises:
            BadReceivers: a word is none of the two.
        """
        outside, inside = set[Origin](), set[Origin]()
        for word in words.split():
            origin = origin_of(word.removeprefix(_INSIDE))
            within = word.startswith(_INSIDE)
            if origin is None or urlsplit(word.removeprefix(_INSIDE)).path not in ("", "/"):
                raise BadReceivers
            if origin[0] == "http" and not within:
                raise BadReceivers  # what is said of people does not cross the world in the clear
            (inside if within else outside).add(origin)
        return cls(outside=frozenset(outside), inside=frozenset(inside))

    def may_go_to(self, endpoint: str) -> bool:
        """Whether the site sends to that address."""
        origin = origin_of(endpoint)
        return origin is not None and origin in self.outside | self.inside

    def is_inside(self, endpoint: str) -> bool:
        """Whether the site says that it is within its own network."""
        return origin_of(endpoint) in self.inside


#: A site that lists nobody.
NO_RECEIVERS = Receivers()


def origin_of(url: str) -> Origin | None:
    """Scheme, host and port of an address, or None where it is not one to send to."""
    if not _PLAIN.fullmatch(url) or "\\" in url:
        return None
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or "#" in url or "@" in parts.netloc:
        return None
    return parts.scheme, host, _PORTS[parts.scheme] if port is None else port
