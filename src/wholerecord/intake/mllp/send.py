"""A sender of HL7 v2 over MLLP: what the demonstration, the benchmark and the tests send with."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from wholerecord.errors import Unavailable
from wholerecord.intake.mllp.frames import framed

_MSA = re.compile(rb"(?:(?<=[\r\n])|\A)MSA(.)([^\r\n]*)")
_LARGEST_ANSWER = 1024 * 1024


class NotAnswered(Unavailable):
    """The listener ended before it answered: send again everything it has not answered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An acknowledgement: its code (AA, AE, AR; "" when it is none), MSA-2 and MSA-3."""

    code: str
    control: str
    text: str

    @property
    def taken(self) -> bool:
        """Whether the message is durable there."""
        return self.code in {"AA", "CA"}


async def send(
    host: str, port: int, messages: Iterable[bytes], *, window: int = 64
) -> AsyncIterator[Answer]:
    """The answer to each message, in order, with up to `window` messages on their way at once.

    Raises:
        NotAnswered: nobody listens, or the connection ended first.
    """
    try:
        reader, writer = await asyncio.open_connection(host, port, limit=_LARGEST_ANSWER)
    except OSError as error:
        raise NotAnswered(f"Nobody listens at {host}:{port}.") from error
    try:
        under_way = 0
        for message in messages:
            writer.write(framed(message))
            under_way += 1
            if under_way >= window:
                await writer.drain()
                under_way -= 1
                yield await _answer(reader)
        while under_way:
            under_way -= 1
            yield await _answer(reader)
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise NotAnswered from error
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> Answer:
    raw = await reader.readuntil(b"\x1c\r")
    match = _MSA.search(raw)
    if match is None:
        return Answer("", "", "")
    fields = match[2].decode("utf-8", "replace").split(match[1].decode("latin-1"))
    code, control, text = (*fields, "", "", "")[:3]
    return Answer(code, control, text)
