"""A listener for HL7 v2: what a source sends is acknowledged only when it is durable.

Source: HL7 v2.5.1 appendix C, minimal lower layer protocol; and section 2.9.2: AR is "not now, send
it again", AE "put it right". A sender may go on sending before it is answered; answers come in the
order of the messages.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from wholerecord.errors import Category, WholerecordError
from wholerecord.intake.hl7v2 import ack
from wholerecord.intake.mllp.frames import Frame, Frames, framed
from wholerecord.intake.reading import Arrival, Receipt

Keep = Callable[[Arrival], Awaitable[Receipt]]
SourceOf = Callable[[bytes], str]

#: The largest frame taken, bytes. A larger one is refused and passed over, never held.
LARGEST_FRAME = 16 * 1024 * 1024
#: What one connection may have unanswered before nothing more is read from it.
_MOST_WAITING, _MOST_WAITING_BYTES = 256, 2 * LARGEST_FRAME
#: Seconds that a sender has to read its last answers when the listener ends.
_PATIENCE = 3.0
#: Categories of which the standard says "send it again later" (AR); others are the sender's (AE).
_LATER = frozenset({Category.BUSY, Category.UNAVAILABLE, Category.FAULT, Category.CONFLICT})


@dataclass(slots=True)
class Tally:
    """What a listener has seen since it began to listen."""

    connections: int = 0
    kept: int = 0
    refused: int = 0
    halves: int = 0  #: frames whose connection ended before they did


@dataclass(frozen=True, slots=True)
class Listener:
    """A listening server: its port, and what it has seen."""

    port: int
    tally: Tally


@asynccontextmanager
async def serve(
    host: str, port: int, *, keep: Keep, source_of: SourceOf
) -> AsyncGenerator[Listener]:
    """Listen until the block ends; then let what is being kept be kept. Port 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    loop = asyncio.get_running_loop()
    tally = Tally()
    connections: set[Connection] = set()
    server = await loop.create_server(
        lambda: Connection(keep, source_of, tally, connections), host, port
    )
    try:
        yield Listener(port=server.sockets[0].getsockname()[1], tally=tally)
    finally:
        server.close()
        await asyncio.gather(*(each.close() for each in tuple(connections)))


class Connection(asyncio.Protocol):
    """One sender: frames in, acknowledgements out, in order."""

    def __init__(
        self, keep: Keep, source_of: SourceOf, tally: Tally, connections: "set[Connection]"
    ) -> None:
        self._keep = keep
        self._source_of = source_of
        self._tally = tally
        self._connections = connections
        self._frames = Frames(LARGEST_FRAME)
        self._waiting: deque[tuple[asyncio.Task[bytes], int]] = deque()
        self._waiting_bytes = 0
        self._arrived = asyncio.Event()
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._ended = False
        self._paused = False
        self._closing = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to answer."""
        self._transport = cast("asyncio.Transport", transport)  # what create_server gives
        self._tally.connections += 1
        self._connections.add(self)
        self._answering = asyncio.get_running_loop().create_task(self._answer())

    def data_received(self, data: bytes) -> None:
        """Keep each complete frame; go on before it is kept."""
        for frame in self._frames.feed(data):
            self._take(frame)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Keep half a frame too: somebody should see that a message did not come through."""
        half = self._frames.half()
        if half and not self._closing:
            self._tally.halves += 1
            self._take(Frame(half, too_large=False))
        self._ended = True
        self._arrived.set()
        self._may_write.set()

    def pause_writing(self) -> None:
        """The sender does not read its acknowledgements: stop answering, and so stop reading."""
        self._may_write.clear()

    def resume_writing(self) -> None:
        """It reads again."""
        self._may_write.set()

    async def close(self) -> None:
        """Read no more; end when what came is kept and answered."""
        self._closing = True
        if not self._transport.is_closing():
            self._transport.pause_reading()
        self._arrived.set()
        # A sender that does not read its answers must not hold up the end.
        await asyncio.wait({self._answering}, timeout=_PATIENCE)
        self._transport.abort()
        await asyncio.wait({self._answering})

    def _take(self, frame: Frame) -> None:
        task = asyncio.get_running_loop().create_task(self._keep_one(frame))
        self._waiting.append((task, len(frame.body)))
        self._waiting_bytes += len(frame.body)
        self._arrived.set()
        if not self._paused and self._full():
            self._paused = True
            self._transport.pause_reading()

    def _full(self) -> bool:
        return len(self._waiting) >= _MOST_WAITING or self._waiting_bytes >= _MOST_WAITING_BYTES

    async def _keep_one(self, frame: Frame) -> bytes:
        """The acknowledgement of a frame, once it is durable or refused."""
        if frame.too_large:
            self._tally.refused += 1
            return ack(frame.body, "AE", f"The message is larger than {LARGEST_FRAME} bytes.")
        source = self._source_of(frame.body)
        try:
            await self._keep(Arrival(source=source, body=frame.body, name="mllp"))
        except WholerecordError as error:
            self._tally.refused += 1
            return ack(frame.body, "AR" if error.category in _LATER else "AE", str(error))
        self._tally.kept += 1
        return ack(frame.body, "AA")

    async def _answer(self) -> None:
        """Write each acknowledgement in its turn, those that are ready together."""
        try:
            while await self._some():
                answers = bytearray()
                while self._waiting and (not answers or self._waiting[0][0].done()):
                    task, size = self._waiting[0]
                    answers += framed(await task)
                    self._waiting.popleft()
                    self._waiting_bytes -= size
                await self._may_write.wait()
                if not self._ended:
                    self._transport.write(bytes(answers))
                    self._read_again()
        finally:
            # What fails in a way nobody planned for is not acknowledged: the sender sends again.
            self._connections.discard(self)
            self._transport.close()

    async def _some(self) -> bool:
        """True when something waits to be answered; False when nothing will."""
        while not self._waiting:
            if self._ended or self._closing:
                return False
            self._arrived.clear()
            await self._arrived.wait()
        return True

    def _read_again(self) -> None:
        if self._paused and not self._closing and not self._full():
            self._paused = False
            self._transport.resume_reading()
