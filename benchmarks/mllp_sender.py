"""A sender in its own process: admissions over some connections, each answer awaited.

It is no client to be proud of but one that takes little of the processor that it shares with what
is measured: frames are made beforehand, and of an answer only its code is looked at.
"""

import asyncio
import sys
import time
from collections import deque
from typing import cast

import msgspec
import uvloop

_MESSAGE = (
    "\x0bMSH|^~\\&|PAS|RXX|WR|WR|20260302091500||ADT^A01^ADT_A01|{n}|P|2.4\r"
    "EVN|A01|20260302091500|||DOC{n}^Example^Ada\r"
    "PID|1||H{n}^^^RXX^MR~9990000018^^^NHS^NH||Example{n}^Ada^^^Mrs||19480302|F|||"
    "{n} Example Street^^Leeds^West Yorkshire^LS1 1AA||0113496{n:04}|||M|C22|{n}\r"
    "PD1|||EXAMPLE SURGERY^^B86{n:04}|G{n:07}^Example^Grace^^^Dr\r"
    "NK1|1|Example^Bob|SPO|{n} Example Street^^Leeds^^LS1 1AA|07700{n:06}\r"
    "PV1|1|I|W{n}^B4^2^RXX||||C{n:07}^Example^Charles^^^Mr|||300||||19||||01|V{n}\r"
    "PV2|||^Chest pain and breathlessness\r"
    "AL1|1|DA|764146007^Penicillin^SCT|SV|Anaphylaxis\r"
    "DG1|1||I21.9^Acute myocardial infarction^I10||20260302091500|A\r"
    "ZUK|1|{n}|A local segment that is kept as it came\r\x1c\r"
)


class Sender(asyncio.Protocol):
    """One connection."""

    def __init__(self, frames: deque[bytes], window: int, took: list[float]) -> None:
        self._frames = frames
        self._window = window
        self._took = took
        self._sent: deque[float] = deque()
        self._held = b""
        self.refused = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Fill the window."""
        self._transport = cast("asyncio.Transport", transport)
        self._more()

    def data_received(self, data: bytes) -> None:
        """Time each answer, and send as many again."""
        *answers, self._held = (self._held + data).split(b"\x1c\r")
        now = time.perf_counter()
        for answer in answers:
            self._took.append(now - self._sent.popleft())
            self.refused += b"MSA|AA|" not in answer
        self._more()

    def connection_lost(self, _: Exception | None) -> None:
        """End; what was not answered shows in the count."""
        if not self.done.done():
            self.done.set_result(None)

    def _more(self) -> None:
        frames = [
            self._frames.popleft()
            for _ in range(min(self._window - len(self._sent), len(self._frames)))
        ]
        self._sent.extend([time.perf_counter()] * len(frames))
        if frames:
            self._transport.write(b"".join(frames))
        elif not self._sent:
            self._transport.close()


async def main(port: int, connections: int, window: int, messages: int, first: int) -> None:
    """Send, and print what was measured as JSON."""
    frames = deque(_MESSAGE.format(n=n).encode() for n in range(first, first + messages))
    took: list[float] = []
    loop = asyncio.get_running_loop()
    began, cpu = time.perf_counter(), time.process_time()
    senders = [
        (await loop.create_connection(lambda: Sender(frames, window, took), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(sender.done for sender in senders))
    seconds = time.perf_counter() - began
    took.sort()
    told = {
        "rate": len(took) / seconds,
        "p50": took[len(took) // 2] * 1000,
        "p99": took[len(took) * 99 // 100] * 1000,
        "most": took[-1] * 1000,
        "refused": messages - len(took) + sum(sender.refused for sender in senders),
        "cpu": time.process_time() - cpu,
    }
    print(msgspec.json.encode(told).decode())


if __name__ == "__main__":
    uvloop.run(main(*map(int, sys.argv[1:])))
