"""Who may receive notifications, and the way out to them: to listed hosts, at public addresses.

`WHOLERECORD_RECEIVERS` lists origins, spaces between: `https://receiver.example:8443`. One within
the site's own network says so: `inside:http://10.0.0.5:8080`. A name is resolved once for each
request, every address it has is looked at, and the connection goes to the one that was looked at:
a name that leads elsewhere a moment later leads nowhere. Redirects are not followed, no proxy of
the environment is asked, and of an answer nothing but its status is read.
"""

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import httpx

from wholerecord.errors import Incorrect
from wholerecord.fhir.subscriptions.telling import NotTaken

_INSIDE = "inside:"
_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?|[0-9a-f:.]{2,45}")
_PLAIN = re.compile(r"[!-~]{1,2000}")
#: NAT64 (RFC 6052): the last four bytes are an IPv4 address.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_MEDIA = "application/fhir+json"

Origin = tuple[str, str, int]
#: The addresses of a host, as `getaddrinfo` has them.
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


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
            origin = _origin(word.removeprefix(_INSIDE))
            within = word.startswith(_INSIDE)
            if origin is None or urlsplit(word.removeprefix(_INSIDE)).path not in ("", "/"):
                raise BadReceivers
            if origin[0] == "http" and not within:
                raise BadReceivers  # what is said of people does not cross the world in the clear
            (inside if within else outside).add(origin)
        return cls(outside=frozenset(outside), inside=frozenset(inside))

    def may_go_to(self, endpoint: str) -> bool:
        """Whether the site sends to that address."""
        origin = _origin(endpoint)
        return origin is not None and origin in self.outside | self.inside

    def is_inside(self, endpoint: str) -> bool:
        """Whether the site says that it is within its own network."""
        return _origin(endpoint) in self.inside


#: A site that lists nobody.
NO_RECEIVERS = Receivers()


def _origin(url: str) -> Origin | None:
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


def is_public(address: str) -> bool:
    """Whether an address is one of the world's, in whatever form an IPv4 address is within it.

    >>> [is_public(one) for one in ("8.8.8.8", "127.0.0.1", "10.1.1.1", "169.254.169.254")]
    [True, False, False, False]
    >>> [is_public(one) for one in ("::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::")]
    [False, False, False, False]
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        within = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            within = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if within is not None:
            return is_public(str(within))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host.

    Raises:
        OSError: it has none.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The way out. `trust` are the certificates that are believed: None, those of the system."""

    receivers: Receivers
    resolve: Resolve = resolve
    trust: ssl.SSLContext | None = None

    async def send(
        self, endpoint: str, body: bytes, headers: tuple[str, ...], patience: int
    ) -> None:
        """POST it: once this returns, the receiver took it in.

        Raises:
            NotTaken: it did not, or nobody can say.
        """
        address = await self.pinned(endpoint)
        url = httpx.URL(endpoint)
        said = dict(_split(one) for one in headers)
        said |= {"Host": url.netloc.decode("ascii"), "Content-Type": _MEDIA}
        verify = self.trust or ssl.create_default_context()
        try:
            async with (
                asyncio.timeout(patience),
                httpx.AsyncClient(verify=verify, trust_env=False, timeout=patience) as client,
                client.stream(
                    "POST",
                    url.copy_with(host=address),
                    content=body,
                    headers=said,
                    follow_redirects=False,
                    extensions={"sni_hostname": url.host},
                ) as answer,
            ):
                if not answer.is_success:
                    raise NotTaken(f"The receiver answered {answer.status_code}.")
        except (httpx.HTTPError, TimeoutError, OSError, ValueError) as error:
            kind = "in time" if isinstance(error, (TimeoutError, httpx.TimeoutException)) else ""
            raise NotTaken(f"The receiver did not answer {kind}".rstrip() + ".") from None

    async def pinned(self, endpoint: str) -> str:
        """The one address to connect to, looked at.

        Raises:
            NotTaken: the host is not listed, has no address, or one that is not public.
        """
        origin = _origin(endpoint)
        if origin is None or not self.receivers.may_go_to(endpoint):
            raise NotTaken("The receiver is not one that this site sends to.")
        found: Sequence[str] = ()
        with suppress(OSError, UnicodeError):
            found = await self.resolve(origin[1], origin[2])
        if not found:
            raise NotTaken("The receiver's name leads nowhere.")
        if not self.receivers.is_inside(endpoint) and not all(map(is_public, found)):
            raise NotTaken("The receiver's name leads into a network that is not public.")
        return found[0]


def _split(header: str) -> tuple[str, str]:
    name, _, value = header.partition(":")
    return name.strip(), value.strip()
