"""Kept messages read and made ready to file: the one way, wherever it runs."""

import asyncio
from collections.abc import Sequence

from wholerecord.intake.file import filing
from wholerecord.intake.inbox import Filing
from wholerecord.intake.reading import Kept
from wholerecord.intake.recognise import read


def prepare(batch: Sequence[Kept]) -> list[Filing]:
    """What each message of a batch leads to. Pure; runs in any process."""
    return [filing(kept, read(kept)) for kept in batch]


async def prepare_aside(batch: Sequence[Kept]) -> Sequence[Filing]:
    """Read a batch in a thread, so that nobody waits behind it."""
    return await asyncio.to_thread(prepare, batch)
