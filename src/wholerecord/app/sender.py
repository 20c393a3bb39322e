"""The way out: to hosts that the site lists, at public addresses.

A name is resolved once for each request, every address it has is looked at, and the connection goes
to the one that was looked at: a name that leads elsewhere a moment later leads nowhere. Redirects
are not followed, and no proxy of the environment is asked.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import httpx

from wholerecord.app.receivers import Receivers, origin_of
from wholerecord.fhir.subscriptions.telling import NotTaken

#: NAT64 (RFC 6052): the last four bytes are an IPv4 address.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_MEDIA = "application/fhir+json"

#: The addresses of a host, as `getaddrinfo` has them.
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


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
        said = dict(_split(one) for one in headers) | {"Content-Type": _MEDIA}
        try:
            async with (
                asyncio.timeout(patience),
                self.asked("POST", endpoint, said, body, patience=patience) as answer,
            ):
                if not answer.is_success:
                    raise NotTaken(f"The receiver answered {answer.status_code}.")
        except (httpx.HTTPError, TimeoutError, OSError, ValueError) as error:
            kind = "in time" if isinstance(error, (TimeoutError, httpx.TimeoutException)) else ""
            raise NotTaken(f"The receiver did not answer {kind}".rstrip() + ".") from None

    @asynccontextmanager
    async def asked(
        self,
        method: str,
        endpoint: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        *,
        patience: float,
    ) -> AsyncGenerator[httpx.Response]:
        """The answer of that address and no other, as it begins. `patience`: seconds of silence.

        Raises:
            NotTaken: nothing may be asked of it.
            httpx.HTTPError, OSError, ValueError: it did not answer.
        """
        address, url = await self.pinned(endpoint), httpx.URL(endpoint)
        verify = self.trust or ssl.create_default_context()
        async with (
            httpx.AsyncClient(verify=verify, trust_env=False, timeout=patience) as client,
            client.stream(
                method,
                url.copy_with(host=address),
                content=body or None,
                headers={**headers, "Host": url.netloc.decode("ascii")},
                follow_redirects=False,
                extensions={"sni_hostname": url.host},
            ) as answer,
        ):
            yield answer

    async def pinned(self, endpoint: str) -> str:
        """The one address to connect to, looked at.

        Raises:
            NotTaken: the host is not listed, has no address, or one that is not public.
        """
        origin = origin_of(endpoint)
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
