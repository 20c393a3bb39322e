"""A listener for HL7 v2: what a source sends is acknowledged only when it is durable.

Source: HL7 v2.5.1 appendix C, minimal lower layer protocol. A sender may go on sending before it is
answered; answers come in the order of the messages.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType

from wholerecord.intake.mllp.connection import Connection, Keep, NotNow, Tally
from wholerecord.intake.mllp.limits import Limits, Places

#: Who sends: the source of a connection, from the names of its client certificate (none where
#: there is none); None for nobody we know.
SourceOf = Callable[[Sequence[str]], str | None]

#: Seconds between looks for connections that are silent or slow.
_LOOK = 1.0
_ALL_AR: Mapping[str, NotNow] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Listener:
    """A listening server: its port, and what it has seen."""

    port: int
    tally: Tally


@asynccontextmanager
async def serve(
    host: str,
    port: int,
    *,
    keep: Keep,
    source_of: SourceOf,
    tls: ssl.SSLContext | None = None,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
    not_now: Mapping[str, NotNow] = _ALL_AR,
) -> AsyncGenerator[Listener]:
    """Listen until the block ends; then let what is being kept be kept. Port 0 takes a free one.

    `not_now` is what each source hears when a message cannot be kept now: AR where nothing is said.

    Raises:
        OSError: the port is taken.
    """
    loop = asyncio.get_running_loop()
    tally = Tally()
    places = Places(limits)
    connections: set[Connection] = set()
    server = await loop.create_server(
        lambda: Connection(keep, source_of, tally, places, connections, not_now=not_now),
        host,
        port,
        ssl=tls,
        ssl_handshake_timeout=10.0 if tls else None,
    )
    looking = loop.create_task(_look(connections))
    try:
        yield Listener(port=server.sockets[0].getsockname()[1], tally=tally)
    finally:
        server.close()
        looking.cancel()
        await asyncio.gather(*(each.close() for each in tuple(connections)))


async def _look(connections: set[Connection]) -> None:
    """End connections that are silent for too long, or too slow over one frame."""
    while True:
        await asyncio.sleep(_LOOK)
        for each in tuple(connections):
            each.end_if_idle()
