"""A file fetched from where the site lets files come from: `receivers` says how it is gone to."""

import asyncio
import ssl
from typing import IO

import httpx

from wholerecord.app.receivers import Sender
from wholerecord.fhir.subscriptions.telling import NotTaken

#: Seconds of silence after which a file is not waited for.
_SILENCE = 30


async def fetch(sender: Sender, url: str, into: IO[bytes], *, most: int) -> None:
    """GET it into a file: once this returns, all of it is there.

    Raises:
        NotTaken: it did not come whole, or is longer than `most` bytes.
    """
    address, parsed = await sender.pinned(url), httpx.URL(url)
    verify = sender.trust or ssl.create_default_context()
    said = {"Host": parsed.netloc.decode("ascii"), "Accept": "application/fhir+ndjson"}
    size = 0
    try:
        async with (
            httpx.AsyncClient(verify=verify, trust_env=False, timeout=_SILENCE) as client,
            client.stream(
                "GET",
                parsed.copy_with(host=address),
                headers=said,
                follow_redirects=False,
                extensions={"sni_hostname": parsed.host},
            ) as answer,
        ):
            if answer.status_code != 200:
                raise NotTaken(f"It was answered {answer.status_code}.")
            async for piece in answer.aiter_bytes():
                size += len(piece)
                if size > most:
                    raise NotTaken(f"It is longer than {most >> 20} MiB.")
                await asyncio.to_thread(into.write, piece)
    except (httpx.HTTPError, OSError, ValueError):
        raise NotTaken("It did not come through.") from None
