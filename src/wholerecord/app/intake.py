"""`POST /intake/{source}`: a receipt once everything in the body is durable.

A source brings its own token as a bearer token. With an `Idempotency-Key` the same request sent
again gives the same receipt, and the key with other bytes is refused (draft-ietf-httpapi-
idempotency-key-header section 2.7). A large body is written aside while it comes in, cut into
messages and kept piece by piece: it is never held whole in memory.

| status | when |
|---|---|
| 202 | everything is durable: the receipt says which messages it became |
| 400 | the `Idempotency-Key` is empty or longer than 255 characters |
| 401 | the token is not this source's |
| 404 | the source is not declared |
| 408 | the body did not come through, or too slowly: nothing of it is kept |
| 413 | larger than is taken in one piece |
| 415 | packed: send it as it is |
| 422 | the `Idempotency-Key` came before with other bytes: nothing of it is kept |
| 503 | not now; send it again after `Retry-After` seconds |
"""

import asyncio
import hashlib
import tempfile
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import IO, Protocol, cast

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from wholerecord.errors import Category, WholerecordError
from wholerecord.intake import Arrival, Receipt
from wholerecord.intake.cut import InputTooLarge, cut
from wholerecord.intake.keeping import keep_all

#: The largest body taken, bytes, and how much of one is held in memory.
LARGEST_POST = 1024 * 1024 * 1024
_IN_MEMORY = 1024 * 1024
#: Seconds that any body may take, and bytes a second that a larger one must come at.
_FREE_SECONDS, _SLOWEST = 120, 64 * 1024
#: Seconds of silence after which a sender is not waited for.
_SILENCE = 30
#: Large bodies on their way in at once: each is a file of up to the largest size.
_LARGE_AT_ONCE = 4
_LONGEST_KEY = 255
_RETRY = "5"
_STATUS = {
    Category.NOT_FOUND: 404,
    Category.UNAVAILABLE: 503,
    Category.BUSY: 503,
    Category.INCORRECT: 400,
}


class Intake(Protocol):
    """What the route needs: who may post, and what is done with it."""

    @property
    def admits(self) -> Callable[[str, str], bool]:
        """Whether (source, token) belong together."""
        ...

    @property
    def keep(self) -> Callable[[Arrival], Awaitable[Receipt]]:
        """See `intake.Inbox.keep`."""
        ...

    @property
    def pledge(self) -> Callable[[str, str, bytes], Awaitable[bool]]:
        """See `intake.Inbox.pledge`."""
        ...


class _Refused(Exception):
    """The request ends with this answer."""

    def __init__(self, status: int, says: str) -> None:
        super().__init__(says)
        self.status = status
        self.says = says


@dataclass(frozen=True, slots=True)
class _Body:
    """A body that came through whole: where it is, its hash and its size in bytes."""

    file: IO[bytes]
    sha256: bytes
    size: int


def intake(into: Intake) -> Callable[[Request], Awaitable[Response]]:
    """The route."""
    large = asyncio.Semaphore(_LARGE_AT_ONCE)

    async def post(request: Request) -> Response:
        try:
            return await _posted(into, large, request)
        except _Refused as refused:
            return _told(refused.status, refused.says)
        except InputTooLarge as error:
            return _told(413, str(error))
        except WholerecordError as error:
            return _told(_STATUS.get(error.category, 500), str(error))

    return post


async def _posted(into: Intake, large: asyncio.Semaphore, request: Request) -> Response:
    source: str = request.path_params["source"]
    brought = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not into.admits(source, brought):
        raise _Refused(401, "Bring the token of this source as a bearer token.")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise _Refused(415, "Send the body as it is, not packed (Content-Encoding).")
    key = request.headers.get("idempotency-key")
    if key is not None and not 0 < len(key) <= _LONGEST_KEY:
        raise _Refused(400, f"An Idempotency-Key has 1 to {_LONGEST_KEY} characters.")
    async with _body(request, large) as body:
        if key is not None and not await into.pledge(source, key, body.sha256):
            raise _Refused(
                422, "This Idempotency-Key came before with other bytes: nothing is kept."
            )
        receipts = await keep_all(cut(source, "post", body.file), into.keep)
        told = {
            "source": source,
            "sha256": body.sha256.hex(),
            "bytes": body.size,
            "kept": [_told_of(receipt) for receipt in receipts],
        }
        return JSONResponse(told, 202)


@asynccontextmanager
async def _body(request: Request, large: asyncio.Semaphore) -> AsyncGenerator[_Body]:
    """The request's whole body, on disk where it is large.

    Raises:
        _Refused: it is too large, too slow, or did not come through.
    """
    said = request.headers.get("content-length", "0")
    if len(said) > 15 or (said.isdigit() and int(said) > LARGEST_POST):
        raise _too_large()
    async with AsyncExitStack() as held:
        aside = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - held
        file = held.enter_context(aside)
        digest, size = hashlib.sha256(), 0
        try:
            async for piece in _in_time(request.stream()):
                if size <= _IN_MEMORY < size + len(piece):
                    await held.enter_async_context(large)
                size += len(piece)
                if size > LARGEST_POST:
                    raise _too_large()
                digest.update(piece)
                file.write(piece)
        except (ClientDisconnect, TimeoutError):
            raise _Refused(
                408, "The body did not come through: nothing of it is kept. Send it again."
            ) from None
        file.seek(0)
        yield _Body(cast("IO[bytes]", file), digest.digest(), size)


async def _in_time(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces, as long as none is waited for too long and all come fast enough.

    Raises:
        TimeoutError: they do not.
    """
    began, size = time.monotonic(), 0
    while True:
        left = began + _FREE_SECONDS + size / _SLOWEST - time.monotonic()
        async with asyncio.timeout(min(left, _SILENCE)):
            piece = await anext(pieces, None)
        if piece is None:
            return
        size += len(piece)
        yield piece


def _told_of(receipt: Receipt) -> dict[str, object]:
    told: dict[str, object] = {"message": receipt.message, "fresh": receipt.fresh}
    if receipt.received is not None:
        told["received"] = receipt.received.isoformat()
    if receipt.reused:
        told["parked"] = "an earlier message with other content has this control id"
    return told


def _too_large() -> _Refused:
    mib = LARGEST_POST // (1024 * 1024)
    return _Refused(413, f"Larger than {mib} MiB: use `wholerecord ingest`, which has no limit.")


def _told(status: int, says: str) -> Response:
    headers = {"Retry-After": _RETRY} if status == 503 else None
    return JSONResponse({"error": says}, status, headers)
