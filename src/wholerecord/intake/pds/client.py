"""PDS over HTTPS. What it answers is bounded and never trusted; its wish to wait is kept.

Source: PDS FHIR API: `X-Request-ID` on every request, `Authorization: Bearer`; 429 with or without
`Retry-After`. A redirect is followed nowhere, for it would carry the token to whoever is named.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx

from wholerecord.errors import Incorrect
from wholerecord.intake.pds.answer import Demographic, Nothing, Why, read
from wholerecord.intake.pds.change import PATCH_TYPE, Change, patches
from wholerecord.nhs import NhsNumber
from wholerecord.people import Demographics

#: Seconds to wait after the first, second, … answer that says "too often", where it says no more.
BACK_OFF = (1.0, 2.0, 4.0)
#: However long PDS asks to wait, seconds: whoever asked is told instead.
_LONGEST_WAIT = 30.0
_SECONDS = 10.0
_MOST_BYTES = 4 << 20
_MOST_GIVEN = 5
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

Answered = tuple[Demographic, ...] | Nothing


@dataclass(frozen=True, slots=True)
class _Sent:
    """A change of somebody as they were at a version."""

    body: bytes
    version: str

    @property
    def headers(self) -> dict[str, str]:
        """What PDS is told of the body: its type, and the version it changes."""
        return {"Content-Type": PATCH_TYPE, "If-Match": f'W/"{self.version}"'}


class PdsOverHttp:
    """See `Pds`. `token` gives the bearer token of each request."""

    def __init__(
        self,
        base: str,
        token: Callable[[], Awaitable[str]],
        *,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        address = httpx.URL(base)
        if address.scheme != "https" and address.host not in _LOOPBACK:
            raise Incorrect("PDS is asked over https.")
        self._base = base.rstrip("/")
        self._token = token
        self._wait = wait

    async def read(self, number: NhsNumber) -> Demographic | Nothing:
        """See `Pds.read`."""
        found = await self._ask(f"/Patient/{number.digits}", ())
        return found if isinstance(found, Nothing) else found[0]

    async def search(
        self, said: Demographics, *, fuzzy: bool = False
    ) -> tuple[Demographic, ...] | Nothing:
        """See `Pds.search`."""
        asked = parameters(said, fuzzy=fuzzy)
        return await self._ask("/Patient", asked) if asked else Nothing(why=Why.TOO_LITTLE)

    async def update(self, known: Demographic, changes: Sequence[Change]) -> Demographic | Nothing:
        """See `Pds.update`."""
        if not known.version or '"' in known.version:
            return Nothing(why=Why.CHANGED)  # without a version anybody's change is overwritten
        change = _Sent(patches(changes), version=known.version)
        found = await self._ask(f"/Patient/{known.number.digits}", (), change)
        return found if isinstance(found, Nothing) else found[0]

    async def _ask(
        self, path: str, asked: Sequence[tuple[str, str]], sent: "_Sent | None" = None
    ) -> Answered:
        for pause in (*BACK_OFF, None):
            status, headers, body = await self._request(path, asked, sent)
            if status != 429:
                return read(status, body, headers.get("etag", ""))
            wished = _seconds(headers.get("retry-after", ""))
            if pause is None or (wished or 0) > _LONGEST_WAIT:
                break
            # Not all at once again: whoever was told to wait waits a little differently.
            await self._wait((wished or pause) * (1 + random.random() / 4))  # noqa: S311 - no secret
        return Nothing(why=Why.BUSY)

    async def _request(
        self, path: str, asked: Sequence[tuple[str, str]], sent: "_Sent | None"
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body; 503 for whatever is no answer."""
        headers = {
            "Accept": "application/fhir+json",
            "Accept-Encoding": "identity",
            "Authorization": f"Bearer {await self._token()}",
            "X-Request-ID": str(uuid4()),
            **(sent.headers if sent else {}),
        }
        method, content = ("PATCH", sent.body) if sent else ("GET", None)
        client = httpx.AsyncClient(timeout=_SECONDS, follow_redirects=False, trust_env=False)
        body = bytearray()
        try:
            async with (
                client,
                client.stream(
                    method,
                    self._base + path,
                    params=tuple(asked),
                    headers=headers,
                    content=content,
                ) as answer,
            ):
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > _MOST_BYTES:
                        return 503, {}, b""
        except httpx.HTTPError:
            return 503, {}, b""
        return answer.status_code, answer.headers, bytes(body)


def parameters(said: Demographics, *, fuzzy: bool) -> tuple[tuple[str, str], ...]:
    """The search parameters for somebody; none where too little is said of them.

    >>> from wholerecord.people import Name
    >>> parameters(Demographics(names=(Name(family="Example"),)), fuzzy=False)
    ()
    """
    name, born = said.name, said.born
    if name is None or not name.family or born is None or born.precision != "day":
        return ()
    asked = [("family", name.family), ("birthdate", f"eq{born.text[:10]}")]
    asked += [("given", given) for given in name.given[:_MOST_GIVEN]]
    if said.sex:
        asked.append(("gender", said.sex))
    postcodes = [each.postcode for each in said.addresses if each.postcode]
    if postcodes:
        asked.append(("address-postalcode", postcodes[0]))
    if not (name.given or said.sex or postcodes):
        return ()
    return (*asked, ("_fuzzy-match", "true")) if fuzzy else tuple(asked)


def from_environment(environment: Mapping[str, str]) -> PdsOverHttp | None:
    """PDS as `WHOLERECORD_PDS_URL` and `WHOLERECORD_PDS_TOKEN_FILE` name it; None: not at all.

    The file holds the bearer token; it is read again for each request, as tokens are renewed.
    """
    base = environment.get("WHOLERECORD_PDS_URL", "")
    file = environment.get("WHOLERECORD_PDS_TOKEN_FILE", "")
    if not base:
        return None
    if not file:
        raise Incorrect("WHOLERECORD_PDS_TOKEN_FILE names no file with the token.")

    async def token() -> str:
        try:
            return (await asyncio.to_thread(Path(file).read_text, "ascii")).strip()
        except (OSError, UnicodeDecodeError):
            raise Incorrect("The file with PDS's token cannot be read.") from None

    return PdsOverHttp(base, token)


def _seconds(written: str) -> float | None:
    """Retry-After in seconds; None where it says a date or nothing."""
    return (
        float(written) if written.isascii() and written.isdecimal() and len(written) < 6 else None
    )
