"""One sender: frames in, acknowledgements out, in order.

Source: HL7 v2.5.1 section 2.9.2: AR is "not now, send it again", AE "put it right". Engines differ
in which of the two they send again after, so a source may say which it wants for "not now"; one
that sends again only what was never answered gets no answer, and its connection ends.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from wholerecord.errors import Category, WholerecordError
from wholerecord.intake.hl7v2 import heading, is_one
from wholerecord.intake.mllp.answer import Outcome, answers
from wholerecord.intake.mllp.frames import Frame, Frames
from wholerecord.intake.mllp.limits import LARGEST_FRAME, Places
from wholerecord.intake.reading import Arrival, Receipt
from wholerecord.intake.secure import names_of

Keep = Callable[[Arrival], Awaitable[Receipt]]
#: What a source hears when a message cannot be kept now; of `close` nothing: its connection ends.
NotNow = Literal["AR", "AE", "close"]

#: Seconds that a sender has to read its last answers when the listener ends.
_PATIENCE = 3.0
#: Categories of which the standard says "send it again later" (AR); others are the sender's (AE).
_LATER = frozenset({Category.BUSY, Category.UNAVAILABLE, Category.FAULT, Category.CONFLICT})
_REUSED = "Kept and set aside for people: an earlier message with other content has this id."


@dataclass(slots=True)
class Tally:
    """What a listener has seen since it began to listen."""

    connections: int = 0
    turned_away: int = 0  #: connections beyond a limit, or of nobody known
    ended: int = 0  #: connections that were silent or slow for too long
    kept: int = 0
    reused: int = 0  #: of these, messages with an id that stood for another
    refused: int = 0
    halves: int = 0  #: frames whose connection ended before they did


class Connection(asyncio.Protocol):
    """One sender, until either side ends it."""

    def __init__(
        self,
        keep: Keep,
        source_of: Callable[[Sequence[str]], str | None],
        tally: Tally,
        places: Places,
        connections: "set[Connection]",
        *,
        not_now: Mapping[str, NotNow],
    ) -> None:
        self._keep = keep
        self._source_of = source_of
        self._tally = tally
        self._places = places
        self._limits = places.limits
        self._connections = connections
        self._not_now = not_now
        self._source: str | None = None
        self._frames = Frames(LARGEST_FRAME)
        self._waiting: deque[tuple[asyncio.Task[bytes | None], int]] = deque()
        self._waiting_bytes = 0
        self._arrived = asyncio.Event()
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._loop = asyncio.get_running_loop()
        self._heard = self._began = self._loop.time()
        self._ended = False
        self._paused = False
        self._no_room = False  # for a large frame
        self._closing = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to answer a sender we know and have a place for; turn others away."""
        self._transport = cast("asyncio.Transport", transport)  # what create_server gives
        self._tally.connections += 1
        source = self._source_of(_names(self._transport))
        if source is None or not self._places.take(source):
            self._tally.turned_away += 1
            self._closing = True
            self._transport.abort()
            return
        self._source = source
        self._connections.add(self)
        self._answering = self._loop.create_task(self._answer())

    def data_received(self, data: bytes) -> None:
        """Keep each complete frame; go on before it is kept."""
        if self._source is None:
            return
        self._heard = self._loop.time()
        for frame in self._frames.feed(data):
            self._began = self._heard
            self._take(self._source, frame)
        if self._frames.held > self._limits.small:
            self._no_room = not self._places.take_large(self, self._go_on)
        elif self._places.large:
            self._places.give_back_large(self)
        self._read_or_not()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Keep half a frame too: somebody should see that a message did not come through."""
        if self._source is None:
            return
        half = self._frames.half()
        if half and not self._closing:
            self._tally.halves += 1
            self._take(self._source, Frame(half, too_large=False))
        self._places.give_back(self._source)
        self._places.give_back_large(self)
        self._ended = True
        self._arrived.set()
        self._may_write.set()

    def pause_writing(self) -> None:
        """The sender does not read its acknowledgements: stop answering, and so stop reading."""
        self._may_write.clear()

    def resume_writing(self) -> None:
        """It reads again."""
        self._may_write.set()

    def end_if_idle(self) -> None:
        """End a connection that said nothing for too long, or takes too long over one frame."""
        if self._waiting or self._paused or self._transport.is_closing():
            return
        now = self._loop.time()
        slow = bool(self._frames.held) and now - self._began > self._limits.frame
        if slow or now - self._heard > self._limits.idle:
            self._tally.ended += 1
            self._transport.close()

    async def close(self) -> None:
        """Read no more; end when what came is kept and answered."""
        self._closing = True
        self._read_or_not()
        self._arrived.set()
        # A sender that does not read its answers must not hold up the end.
        await asyncio.wait({self._answering}, timeout=_PATIENCE)
        self._transport.abort()
        await asyncio.wait({self._answering})

    def _take(self, source: str, frame: Frame) -> None:
        task = self._loop.create_task(self._keep_one(source, frame))
        self._waiting.append((task, len(frame.body)))
        self._waiting_bytes += len(frame.body)
        self._arrived.set()

    async def _keep_one(self, source: str, frame: Frame) -> bytes | None:
        """What answers a frame, once it is durable or refused; None to end the connection."""
        said = heading(frame.body)
        if frame.too_large:
            self._tally.refused += 1
            text = f"The message is larger than {LARGEST_FRAME} bytes."
            return answers(said, Outcome("E", text))
        arrival = Arrival(
            source=source,
            body=frame.body,
            name="mllp",
            # Half a frame has no id: the whole message will come with it.
            control=said.control if is_one(frame.body) else None,
            sender=said.sender,
        )
        try:
            receipt = await self._keep(arrival)
        except WholerecordError as error:
            self._tally.refused += 1
            letter = _later(self._not_now.get(source)) if error.category in _LATER else "E"
            return answers(said, Outcome(letter, str(error))) if letter else None
        self._tally.kept += 1
        self._tally.reused += receipt.reused
        text = _REUSED if receipt.reused else ""
        return answers(said, Outcome("A", text, receipt.received))

    async def _answer(self) -> None:
        """Write each acknowledgement in its turn, those that are ready together."""
        try:
            while await self._some():
                ready = bytearray()
                unanswered = False
                while self._waiting and (not ready or self._waiting[0][0].done()):
                    task, size = self._waiting[0]
                    answer = await task
                    if unanswered := answer is None:
                        break
                    ready += answer
                    self._waiting.popleft()
                    self._waiting_bytes -= size
                await self._may_write.wait()
                if not self._ended:
                    if ready:
                        self._transport.write(bytes(ready))
                    self._heard = self._loop.time()
                    self._read_or_not()
                if unanswered:
                    return
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

    def _go_on(self) -> None:
        """There is room for the large frame now."""
        self._no_room = False
        self._began = self._loop.time()
        self._read_or_not()

    def _read_or_not(self) -> None:
        """Read from the sender, unless too much of it waits or the listener ends."""
        limits = self._limits
        full = len(self._waiting) >= limits.waiting or self._waiting_bytes >= limits.waiting_bytes
        stop = full or self._no_room or self._closing
        if stop == self._paused or self._transport.is_closing():
            return
        self._paused = stop
        if stop:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()


def _later(not_now: NotNow | None) -> str:
    """The letter of "not now" for a source that wants it so; "" for no answer."""
    return {"AE": "E", "close": ""}.get(not_now or "AR", "R")


def _names(transport: asyncio.Transport) -> tuple[str, ...]:
    """The names of the client's certificate; none without TLS or without one."""
    tls = cast("ssl.SSLObject | None", transport.get_extra_info("ssl_object"))
    if tls is None:
        return ()
    return names_of(tls.getpeercert(), tls.getpeercert(binary_form=True))
