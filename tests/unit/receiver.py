"""A receiver of notifications on loopback: real HTTP, its answers as the test has them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Receiver:
    """What came, and what is answered to it."""

    port: int = 0
    status: int = 200
    location: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    asked: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def numbers(self) -> list[int]:
        """The numbers of every event that was taken in, in the order it came."""
        return [
            int(part["valueString"])
            for bundle in self.taken
            for said in bundle["entry"][0]["resource"]["parameter"]
            if said["name"] == "notification-event"
            for part in said["part"]
            if part["name"] == "event-number"
        ]

    def sorts(self) -> list[str]:
        return [
            said["valueCode"]
            for bundle in self.taken
            for said in bundle["entry"][0]["resource"]["parameter"]
            if said["name"] == "type"
        ]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver until the end of the block."""
    told = Receiver()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        lower = {name.lower(): value for name, value in headers.items()}
        body = await reader.readexactly(int(lower["content-length"]))
        told.asked += 1
        told.headers.append(lower)
        if told.status < 300:
            told.taken.append(json.loads(body))
        more = f"Location: {told.location}\r\n" if told.location else ""
        writer.write(f"HTTP/1.1 {told.status} X\r\n{more}Content-Length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    told.port = server.sockets[0].getsockname()[1]
    try:
        yield told
    finally:
        server.close()
        await server.wait_closed()
