"""A sender of HL7 v2 over MLLP: what the demonstration, the benchmark and the tests send with."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from wholerecord.errors import Unavailable
from wholerecord.intake.hl7v2 import heading
from wholerecord.intake.mllp.frames import framed

_MSA = re.compile(rb"(?:(?<=[\r\n])|\A)MSA(.)([^\r\n]*)")
_LARGEST_ANSWER = 1024 * 1024
#: Seconds to wait for one answer before it counts as lost.
_PATIENCE = 30.0


class NotAnswered(Unavailable):
    """The listener ended before it answered: send again everything it has not answered."""


class WrongAnswer(NotAnswered):
    """The listener answered a message other than the one whose turn it was.

    Nothing after it can be believed: send again everything it has not answered.
    """


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
    host: str,
    port: int,
    messages: Iterable[bytes],
    *,
    window: int = 64,
    tls: ssl.SSLContext | None = None,
    patience: float = _PATIENCE,
) -> AsyncIterator[Answer]:
    """The answer to each message, in order, with up to `window` messages on their way at once.

    An answer is for the message whose turn it is and for no other: MSA-2 is its MSH-10.

    Raises:
        NotAnswered: nobody listens, the connection ended first, or an answer is lost.
        WrongAnswer: an answer is for another message.
    """
    try:
        reader, writer = await asyncio.open_connection(host, port, limit=_LARGEST_ANSWER, ssl=tls)
    except OSError as error:
        raise NotAnswered(f"Nobody listens at {host}:{port}.") from error
    sent: list[str] = []  # the ids of what is on its way, the newest first
    try:
        for message in messages:
            writer.write(framed(message))
            sent.insert(0, heading(message).field(10))
            if len(sent) >= window:
                await writer.drain()
                yield await _answer(reader, sent.pop(), patience)
        while sent:
            yield await _answer(reader, sent.pop(), patience)
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise NotAnswered from error
    finally:
        writer.close()


async def deliver(
    host: str,
    port: int,
    messages: Sequence[bytes],
    *,
    window: int = 64,
    tls: ssl.SSLContext | None = None,
    patience: float = _PATIENCE,
    attempts: int = 5,
) -> list[Answer]:
    """The answer to each message, sent again over a new connection until there is one.

    To send twice what was taken once is safe: a listener gives the same answer again.

    Raises:
        NotAnswered: after `attempts` connections in a row that brought no answer.
    """
    answers: list[Answer] = []
    left = attempts
    while len(answers) < len(messages):
        before = len(answers)
        try:
            async for answer in send(
                host, port, messages[before:], window=window, tls=tls, patience=patience
            ):
                answers.append(answer)  # noqa: PERF401 - what came before an error counts
        except NotAnswered:
            left = attempts if len(answers) > before else left - 1
            if left <= 0:
                raise
    return answers


async def _answer(reader: asyncio.StreamReader, control: str, patience: float) -> Answer:
    try:
        async with asyncio.timeout(patience):
            raw = await reader.readuntil(b"\x1c\r")
    except TimeoutError:
        raise NotAnswered from None
    match = _MSA.search(raw)
    if match is None:
        return Answer("", "", "")
    fields = match[2].decode("utf-8", "replace").split(match[1].decode("latin-1"))
    code, said, text = (*fields, "", "", "")[:3]
    if said.strip() != control:
        raise WrongAnswer
    return Answer(code, said, text)
