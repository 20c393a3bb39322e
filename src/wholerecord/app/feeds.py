"""Intake by HTTP with client certificates: the certificate names the source, and nothing else does.

uvicorn tells an application nothing of the certificate that a client brought, so the protocol puts
its names into the request (`WithCertificate`). A header of a proxy is never read for it: whoever
reaches the port could write one. Source: RFC 9325; NHS England, guidance on mutual TLS.
"""

import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from wholerecord.app.intake import intake
from wholerecord.intake import Arrival, Receipt
from wholerecord.intake.secure import names_of

#: Where the names of the client's certificate are in a request.
NAMES = "wholerecord.certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """What the application is made of. `source_of` is whose a certificate with these names is."""

    keep: Callable[[Arrival], Awaitable[Receipt]]
    pledge: Callable[[str, str, bytes], Awaitable[bool]]
    source_of: Callable[[Sequence[str]], str | None]

    def admits(self, _source: str, _token: str) -> bool:
        """The certificate was held against the source already: no token is asked for."""
        return True


class WithCertificate(HttpToolsProtocol):
    """HTTP/1.1 over TLS, with the names of the client's certificate in each request."""

    def on_message_begin(self) -> None:
        """A request begins: say whose connection it is."""
        super().on_message_begin()
        spoken: Any = self.transport.get_extra_info("ssl_object")
        names: tuple[str, ...] = ()
        if isinstance(spoken, ssl.SSLObject):
            names = names_of(spoken.getpeercert(), spoken.getpeercert(binary_form=True))
        scope: dict[str, Any] = self.scope  # pyright: ignore[reportAssignmentType] - ours beside it
        scope[NAMES] = names


def feeds(into: Feeds) -> Starlette:
    """The application of a port for feeds: `POST /intake/{source}`, and nothing else."""
    take = intake(into)

    async def post(request: Request) -> Response:
        names: tuple[str, ...] = request.scope.get(NAMES, ())
        if not names or into.source_of(names) != request.path_params["source"]:
            return JSONResponse({"error": "The certificate is not this source's."}, 401)
        return await take(request)

    return Starlette(routes=[Route("/intake/{source}", post, methods=["POST"])])
