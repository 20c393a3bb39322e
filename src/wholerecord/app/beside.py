"""What is said beside an answer of the APIs: to which pages it may be shown, and what it answers.

Source: SMART App Launch 2.2, "Considerations for Cross-Origin Resource Sharing": apps in browsers
ask from their own addresses, with a token and without a cookie, which browsers do not send along.
FHIR R4, RESTful API, "Custom Headers": the id that a client gave its request is given back.
"""

import re

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_IDS = frozenset({b"x-request-id", b"x-correlation-id"})
_IS_ID = re.compile(rb"[!-~]{1,128}")
_VARIES = (b"vary", b"Origin")


class Beside:
    """ASGI middleware: pages of any address may ask, with a token; ids of requests come back.

    Most requests are of programs, and say of no page that it asks: they are told that the answer
    would be another one to a page, and nothing more is done for them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._to_pages = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=[
                *("Authorization", "Content-Type", "If-Match", "If-None-Exist", "Prefer"),
                *("X-Request-Id", "X-Correlation-Id"),
            ],
            expose_headers=[
                *("ETag", "Location", "WWW-Authenticate"),
                *("X-Request-Id", "X-Correlation-Id"),
            ],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and say that beside."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        of_page, more = False, list[tuple[bytes, bytes]]()
        for name, value in scope["headers"]:
            if name == b"origin":
                of_page = True
            elif name in _IDS and _IS_ID.fullmatch(value):
                more.append((name, value))
        if not of_page:
            more.append(_VARIES)

        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *more]
            await send(message)

        if of_page:
            await self._to_pages(scope, receive, said)
        else:
            await self._app(scope, receive, said)
