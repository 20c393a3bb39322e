"""A file fetched from where the site lets files come from: `receivers` says how it is gone to."""

import asyncio
from typing import IO

import httpx

from wholerecord.app.sender import Sender
from wholerecord.fhir.subscriptions.telling import NotTaken

#: Seconds of silence after which a file is not waited for.
_SILENCE = 30


async def fetch(sender: Sender, url: str, into: IO[bytes], *, most: int) -> None:
    """GET it into a file: once this returns, all of it is there.

    Raises:
        NotTaken: it did not come whole, or is longer than `most` bytes.
    """
    said, size = {"Accept": "application/fhir+ndjson"}, 0
    try:
        async with sender.asked("GET", url, said, patience=_SILENCE) as answer:
            if answer.status_code != 200:
                raise NotTaken(f"It was answered {answer.status_code}.")
            async for piece in answer.aiter_bytes():
                size += len(piece)
                if size > most:
                    raise NotTaken(f"It is longer than {most >> 20} MiB.")
                await asyncio.to_thread(into.write, piece)
    except (httpx.HTTPError, OSError, ValueError):
        raise NotTaken("It did not come through.") from None
