"""Seals published to a second place, by POST.

A log made again from the start, with its own key, is found by whoever holds an older seal and by
nobody else: so somebody else must hold one. The newest seal says what every older one says, so only
it is posted, and not every second. The body is the line that the file of published seals has;
whoever receives it keeps the lines one below the other and has such a file.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from wholerecord.audit.opening import Log
from wholerecord.audit.published import line_of
from wholerecord.errors import Incorrect, Unavailable


class BadPublish(Incorrect):
    """WHOLERECORD_PUBLISH is an https:// address, or http:// of this computer itself."""


class NotPublished(Unavailable):
    """The second place did not take the seal: it is posted again."""


def address_of(url: str) -> str:
    """The address, when seals may be posted to it.

    Raises:
        BadPublish: anybody between here and there could put another seal in its place.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise BadPublish from None
    if not host or parts.scheme not in ("http", "https"):
        raise BadPublish
    if parts.scheme == "http" and not _is_here(host):
        raise BadPublish
    return url


class Elsewhere:
    """A second place. It remembers what it took, until the program ends: then it is told again."""

    def __init__(self, log: Log, address: str, client: httpx.AsyncClient) -> None:
        self._log = log
        self._address = address
        self._client = client
        self._taken = 0

    async def publish(self) -> bool:
        """Post the newest seal, unless it was taken already; whether it was posted.

        Raises:
            NotPublished: the other side did not answer, or not with 2xx. A redirect is no yes.
        """
        seals = await self._log.seals()
        if not seals or seals[-1].size <= self._taken:
            return False
        headers = {"content-type": "text/plain; charset=us-ascii"}
        try:
            answer = await self._client.post(
                self._address, content=line_of(seals[-1]).encode("ascii"), headers=headers
            )
        except httpx.HTTPError:
            raise NotPublished from None
        if not answer.is_success:
            raise NotPublished(f"It answered {answer.status_code}.")
        self._taken = seals[-1].size
        return True


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
