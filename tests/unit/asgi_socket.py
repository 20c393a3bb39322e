"""A websocket to an application in this process: ASGI, with no socket between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from starlette.applications import Starlette

PATH = "/fhir/websocket"


class HungUp(Exception):
    """The server ended it: `code` of RFC 6455, or 403 where it was refused."""

    def __init__(self, code: int, says: str) -> None:
        super().__init__(f"{code} {says}")
        self.code, self.says = code, says


class Socket:
    """This end of it. A `slow` one takes nothing in."""

    def __init__(self) -> None:
        self.slow = False
        self._sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._come: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._sent.put_nowait({"type": "websocket.connect"})

    def say(self, words: str | bytes) -> None:
        kind = "text" if isinstance(words, str) else "bytes"
        self._sent.put_nowait({"type": "websocket.receive", kind: words})

    def leave(self) -> None:
        self._sent.put_nowait({"type": "websocket.disconnect", "code": 1006})

    async def hear(self, patience: float = 5) -> dict[str, Any]:
        """The next notification.

        Raises:
            HungUp: the server ended it instead.
        """
        message = await asyncio.wait_for(self._come.get(), patience)
        if message["type"] == "websocket.close":
            raise HungUp(message.get("code", 1000), message.get("reason") or "")
        return msgspec.json.decode(message["text"])

    async def nothing(self, seconds: float = 0.1) -> bool:
        """Whether nothing comes for so long."""
        await asyncio.sleep(seconds)
        return self._come.empty()

    async def receive(self) -> dict[str, Any]:
        return await self._sent.get()

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.send" and self.slow:
            await asyncio.Event().wait()
        self._come.put_nowait(message)


@asynccontextmanager
async def connected(app: Starlette) -> AsyncIterator[Socket]:
    """A socket that the server took.

    Raises:
        HungUp: 403, it did not.
    """
    here = Socket()
    scope = {
        "type": "websocket",
        "path": PATH,
        "raw_path": PATH.encode(),
        "root_path": "",
        "scheme": "ws",
        "query_string": b"",
        "headers": [(b"host", b"here.example")],
        "subprotocols": [],
    }
    serving = asyncio.create_task(app(scope, here.receive, here.send))  # type: ignore[arg-type]
    first = await here._come.get()
    try:
        if first["type"] != "websocket.accept":
            raise HungUp(403, "")
        yield here
    finally:
        here.leave()
        await asyncio.wait_for(serving, 5)
