"""Answers compressed for whoever can take them so. Source: RFC 9110, 12.5.3 and 12.5.5."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Bytes below which it is not worth it.
_SMALLEST, _LEVEL = 1000, 5
_VARIES = (b"vary", b"Accept-Encoding")


class Compressed:
    """ASGI middleware: gzip where it is accepted; where not, nothing is looked at any further."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._packed = GZipMiddleware(app, minimum_size=_SMALLEST, compresslevel=_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, compressed or not, and say that it depends."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if any(name == b"accept-encoding" and b"gzip" in said for name, said in scope["headers"]):
            await self._packed(scope, receive, send)
            return

        async def plain(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), _VARIES]
            await send(message)

        await self._app(scope, receive, plain)
