"""What an identity provider answers, read with care.

Never a redirect, for it would carry a secret to whoever is named; never another host than the
provider's own; never more than is needed; and nothing of the answer in an error.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import httpx
import msgspec

from wholerecord.signin.unproven import Unproven, Why
from wholerecord.signin.whereto import is_safe, origin

T = TypeVar("T")
_MOST_BYTES = 256 * 1024
_SECONDS = 5.0


class Wire:
    """The way to where these addresses are, and nowhere else. No `transport` is the network."""

    def __init__(
        self, addresses: Iterable[str], transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._transport = transport
        self._origins = {each for each in map(origin, addresses) if each}

    def check(self, url: str) -> str:
        """The address, when it is the provider's own.

        Raises:
            Unproven: it is somewhere else.
        """
        if not is_safe(url) or origin(url) not in self._origins:
            raise Unproven(Why.ANOTHER_HOST)
        return url

    async def get(self, url: str, type: type[T], *, bearer: str = "") -> T:
        """What is there, as `type`."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return await self._ask("GET", url, type, headers=headers)

    async def post(self, url: str, type: type[T], form: Mapping[str, str], *, basic: str = "") -> T:
        """What the provider answers to the form, as `type`."""
        headers = {"Authorization": f"Basic {basic}"} if basic else {}
        return await self._ask("POST", url, type, headers=headers, form=form)

    async def _ask(
        self,
        method: str,
        url: str,
        type: type[T],
        *,
        headers: Mapping[str, str],
        form: Mapping[str, str] | None = None,
    ) -> T:
        self.check(url)
        asking = {"Accept": "application/json", "Accept-Encoding": "identity", **headers}
        client = httpx.AsyncClient(
            transport=self._transport, timeout=_SECONDS, follow_redirects=False, trust_env=False
        )
        body = bytearray()
        try:
            async with (
                client,
                client.stream(method, url, headers=asking, data=form) as answer,
            ):
                if answer.is_redirect:
                    raise Unproven(Why.REDIRECTED)
                if answer.status_code != 200:
                    raise Unproven(Why.SILENT)
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > _MOST_BYTES:
                        raise Unproven(Why.SILENT)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise Unproven(Why.SILENT) from None
        try:
            return msgspec.json.decode(bytes(body), type=type)
        except msgspec.DecodeError:
            raise Unproven(Why.WRONG_SHAPE) from None
