"""Ports: bound once, and served as long as a block is."""

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn

from wholerecord.app.feeds import Feeds, WithCertificate, feeds
from wholerecord.errors import Unavailable


class AddressInUse(Unavailable):
    """Another program listens there already; choose another port."""


def listening_socket(host: str, port: int) -> socket.socket:
    """A bound socket whose protocol is named.

    asyncio turns Nagle's delay off only for sockets that name TCP; without that every answer in two
    parts waits 40 ms for an acknowledgement (uvicorn's own sockets do not name it).
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    bound.settimeout(0)
    return bound


@asynccontextmanager
async def taken(
    into: Feeds, tls: ssl.SSLContext, host: str, port: int
) -> AsyncGenerator[tuple[str, int]]:
    """Take what feeds send with their certificates; yields the address that is listened on.

    Raises:
        AddressInUse: the port is taken.
    """
    try:
        bound = listening_socket(host, port)
    except OSError:
        raise AddressInUse(f"Port {port}.") from None
    config = uvicorn.Config(
        feeds(into),
        http=WithCertificate,
        ssl_context_factory=lambda _config, _default: tls,
        log_level="critical",
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        while not (server.started or serving.done()):  # noqa: ASYNC110 - uvicorn only sets it
            await asyncio.sleep(0.01)
        yield bound.getsockname()[:2]
    finally:
        server.should_exit = True
        await serving
        bound.close()
