"""A sender in its own process: so many messages a second over MLLP, for so many seconds.

A message that is due and cannot be sent, because answers are owed, stays due: what could not be
sent at all shows in the rate.
"""

import asyncio
import sys
import time
from collections import deque
from typing import cast

import msgspec
import uvloop

from benchmarks.sustained_messages import message

_CONNECTIONS, _WINDOW, _TICK = 8, 16, 0.005
#: Seconds that the last answers may take.
_PATIENCE = 60.0


class Sender(asyncio.Protocol):
    """One connection, with up to `_WINDOW` messages on their way."""

    def __init__(self, took: list[float]) -> None:
        self._took = took
        self._sent: deque[float] = deque()
        self._held = b""
        self.refused = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready to send."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Time each answer."""
        *answers, self._held = (self._held + data).split(b"\x1c\r")
        now = time.perf_counter()
        for answer in answers:
            self._took.append(now - self._sent.popleft())
            self.refused += not (b"MSA|AA|" in answer or b"MSA|CA|" in answer)

    @property
    def room(self) -> int:
        """How many more may be on their way."""
        return _WINDOW - len(self._sent)

    def send(self, raw: bytes) -> None:
        """Send one message."""
        self._sent.append(time.perf_counter())
        self.transport.write(b"\x0b" + raw + b"\x1c\r")


async def main(port: int, rate: float, seconds: float, first: int) -> None:
    """Send at the rate, wait for the last answers, and print what was measured as JSON."""
    took: list[float] = []
    loop = asyncio.get_running_loop()
    senders = [
        (await loop.create_connection(lambda: Sender(took), "127.0.0.1", port))[1]
        for _ in range(_CONNECTIONS)
    ]
    began, sent = time.perf_counter(), 0
    while (spent := time.perf_counter() - began) < seconds:
        for sender in senders:
            for _ in range(min(sender.room, int(spent * rate) - sent)):
                sender.send(message(first + sent))
                sent += 1
        await asyncio.sleep(_TICK)
    for _ in range(int(_PATIENCE / _TICK)):
        if len(took) == sent:
            break
        await asyncio.sleep(_TICK)
    took.sort()
    told = {
        "rate": sent / seconds,
        "sent": sent,
        "answered": len(took),
        "refused": sum(sender.refused for sender in senders),
        "p50": took[len(took) // 2] * 1000,
        "p95": took[len(took) * 95 // 100] * 1000,
        "p99": took[len(took) * 99 // 100] * 1000,
    }
    print(msgspec.json.encode(told).decode())


if __name__ == "__main__":
    _, *said = sys.argv
    uvloop.run(main(int(said[0]), float(said[1]), float(said[2]), int(said[3])))
