"""HL7 v2 over MLLP: acknowledged when durable, in order, and never before."""

import asyncio

import pytest

from wholerecord.errors import NotFound, Unavailable
from wholerecord.intake import Receipt, mllp
from wholerecord.intake.mllp import connection
from wholerecord.intake.mllp.frames import Frames, framed
from wholerecord.record import MessageId

HOST = "127.0.0.1"


def message(n):
    return f"MSH|^~\\&|PAS|RXX|W|W|20260701||ADT^A01|{n}|P|2.5\rPID|1||{n}\r".encode()


class Keeper:
    """Keeps what it is given, in memory, slower for the first than for the last."""

    def __init__(self, error=None, gate=None):
        self.kept = []
        self.error = error
        self.gate = gate
        self.under_way = 0
        self.most = 0

    async def __call__(self, arrival):
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        if self.gate is not None:
            await self.gate.wait()
        await asyncio.sleep(0.01 if len(self.kept) % 3 == 0 else 0)
        self.under_way -= 1
        if self.error is not None:
            raise self.error
        self.kept.append(arrival)
        return Receipt(message=MessageId(len(self.kept)), fresh=True)

    async def has(self, n):
        while len(self.kept) < n:  # noqa: ASYNC110 - what keeps tells nobody
            await asyncio.sleep(0.01)


def listening(keeper):
    return mllp.serve(HOST, 0, keep=keeper, source_of=lambda _: "pas")


async def test_every_message_is_answered_in_order():
    keeper = Keeper()
    async with listening(keeper) as listener:
        answers = [each async for each in mllp.send(HOST, listener.port, map(message, range(300)))]
    assert [answer.control for answer in answers] == [str(n) for n in range(300)]
    assert all(answer.taken for answer in answers)
    assert sorted(arrival.body for arrival in keeper.kept) == sorted(map(message, range(300)))
    assert {(arrival.source, arrival.name) for arrival in keeper.kept} == {("pas", "mllp")}
    assert (listener.tally.kept, listener.tally.halves) == (300, 0)


async def test_nothing_is_acknowledged_before_it_is_kept():
    gate = asyncio.Event()
    async with listening(Keeper(gate=gate)) as listener:
        reader, writer = await asyncio.open_connection(HOST, listener.port)
        writer.write(framed(message(1)))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.1)
        gate.set()
        assert b"MSA|AA|1" in await reader.readuntil(b"\x1c\r")
        writer.close()


@pytest.mark.parametrize(("error", "code"), [(Unavailable("x"), "AR"), (NotFound("x"), "AE")])
async def test_what_cannot_be_kept_is_refused_with_the_right_code(error, code):
    async with listening(Keeper(error)) as listener:
        (answer,) = [each async for each in mllp.send(HOST, listener.port, [message(1)])]
    assert (answer.code, answer.control, answer.taken) == (code, "1", False)
    assert answer.text == str(error)
    assert listener.tally.refused == 1


async def test_a_failure_nobody_planned_for_is_never_acknowledged():
    async with listening(Keeper(RuntimeError("broken"))) as listener:
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        with pytest.raises(mllp.NotAnswered):
            _ = [each async for each in mllp.send(HOST, listener.port, [message(1)])]


async def test_a_frame_larger_than_can_be_taken_is_refused_and_the_next_is_kept():
    keeper = Keeper()
    large = message(1) + b"OBX|" + b"A" * (mllp.LARGEST_FRAME + 1)
    async with listening(keeper) as listener:
        answers = [each async for each in mllp.send(HOST, listener.port, [large, message(2)])]
    assert [(answer.code, answer.control) for answer in answers] == [("AE", "1"), ("AA", "2")]
    assert [arrival.body for arrival in keeper.kept] == [message(2)]


async def test_half_a_frame_is_kept_when_the_connection_ends():
    keeper = Keeper()
    async with listening(keeper) as listener:
        _, writer = await asyncio.open_connection(HOST, listener.port)
        writer.write(framed(message(1)) + b"\x0b" + message(2)[:40])
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        await keeper.has(2)
    assert sorted(a.body for a in keeper.kept) == sorted((message(1), b"\x0b" + message(2)[:40]))
    assert listener.tally.halves == 1


async def test_a_sender_that_never_listens_is_not_read_for_ever():
    gate = asyncio.Event()
    keeper = Keeper(gate=gate)
    async with listening(keeper) as listener:
        _, writer = await asyncio.open_connection(HOST, listener.port)
        for n in range(5000):
            writer.write(framed(message(n)))
        await asyncio.sleep(0.2)
        most = keeper.most
        gate.set()
        await keeper.has(5000)
        writer.close()
    assert most < 2000


async def test_a_listener_that_ends_answers_what_it_took():
    gate = asyncio.Event()
    keeper = Keeper(gate=gate)
    async with listening(keeper) as listener:
        reader, writer = await asyncio.open_connection(HOST, listener.port)
        writer.write(framed(message(1)))
        while not keeper.under_way:  # noqa: ASYNC110 - what keeps tells nobody
            await asyncio.sleep(0.01)
        asyncio.get_running_loop().call_later(0.05, gate.set)
    assert b"MSA|AA|1" in await reader.readuntil(b"\x1c\r")
    writer.close()


async def test_a_listener_ends_though_a_sender_never_reads(monkeypatch):
    monkeypatch.setattr(connection, "_PATIENCE", 0.1)
    async with listening(Keeper()) as listener:
        _, writer = await asyncio.open_connection(HOST, listener.port)
        writer.transport.pause_reading()
        for n in range(60_000):
            writer.write(framed(message(n)))
        await asyncio.sleep(0.3)
    writer.close()


async def test_nobody_listening_is_said():
    with pytest.raises(mllp.NotAnswered, match="Nobody listens"):
        _ = [each async for each in mllp.send(HOST, 1, [message(1)])]


@pytest.mark.parametrize(
    ("stream", "bodies"),
    [
        (b"\x0bA\x1c\r\x0bB\x1c\r", [b"A", b"B"]),
        (b"\x0bA\x1c\x0bB\x1c\r", [b"A", b"B"]),
        (b"noise\x0bA\x1c\r\r\n\x0bB\x1c\r", [b"A", b"B"]),
        (b"\x0bA\x1cB\x1c\r", [b"A\x1cB"]),
        (b"\x0b\x1c\r", [b""]),
        (b"A\x1c\r", []),
        (b"\x0bA\x1c", []),
    ],
)
def test_frames_are_found_however_the_bytes_are_parted(stream, bodies):
    for size in range(1, len(stream) + 1):
        frames = Frames(100)
        found = [
            frame.body
            for at in range(0, len(stream), size)
            for frame in frames.feed(stream[at : at + size])
        ]
        assert found == bodies


def test_of_a_frame_too_large_only_the_head_is_held():
    frames = Frames(10)
    (frame,) = [
        frame
        for part in (b"\x0bMSH|head", b"x" * 50_000, b"y" * 50_000, b"\x1c\r")
        for frame in frames.feed(part)
    ]
    assert frame.too_large
    assert frame.body.startswith(b"MSH|head")
    assert len(frame.body) <= 8192
    assert frames.half() == b""
