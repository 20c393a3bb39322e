"""Which acknowledgement answers what, and that the same message again gets the same one."""

import asyncio
import re

import pytest

from wholerecord.errors import Unavailable
from wholerecord.intake import mllp
from wholerecord.intake.hl7v2 import heading
from wholerecord.intake.mllp import NotAnswered, WrongAnswer
from wholerecord.intake.mllp.answer import Outcome, answers
from wholerecord.intake.mllp.frames import framed
from wholerecord.record import Source
from wholerecord.storage import memory

HOST = "127.0.0.1"


def message(n, accept="", application="", family="EXAMPLE", sender="PAS"):
    head = f"MSH|^~\\&|{sender}|RXX|W|W|20260701||ADT^A01|{n}|P|2.5|||{accept}|{application}"
    return f"{head}\rPID|1||{n}||{family}\r".encode()


@pytest.mark.parametrize(
    ("accept", "application", "taken", "wrong", "later"),
    [
        ("", "", ["AA"], ["AE"], ["AR"]),
        ("AL", "NE", ["CA"], ["CE"], ["CR"]),
        ("AL", "", ["CA"], ["CE"], ["CR"]),
        ("AL", "AL", ["CA", "AA"], ["CE"], ["CR"]),
        ("NE", "AL", ["AA"], ["AE"], ["AR"]),
        ("", "AL", ["AA"], ["AE"], ["AR"]),
        ("NE", "NE", [], [], []),
        ("ER", "NE", [], ["CE"], ["CR"]),
        ("SU", "NE", ["CA"], [], []),
        ("ER", "AL", ["AA"], ["CE"], ["CR"]),
        ("SU", "ER", ["CA"], ["AE"], ["AR"]),
        ("NE", "SU", ["AA"], [], []),
        ("al", "ne", ["CA"], ["CE"], ["CR"]),
        ("??", "NE", ["CA"], ["CE"], ["CR"]),
    ],
)
def test_a_sender_hears_what_its_mode_asks_for(accept, application, taken, wrong, later):
    said = heading(message(1, accept, application))
    for letter, codes in (("A", taken), ("E", wrong), ("R", later)):
        told = answers(said, Outcome(letter))
        assert re.findall(rb"MSA\|(..)\|1", told) == [code.encode() for code in codes]
        assert told.count(b"\x0b") == told.count(b"\x1c\r") == len(codes)


@pytest.fixture
async def store():
    store = memory.Store()
    await store.declare(Source(name="pas", controller="RXX", title="PAS"))
    return store


def listening(keep, **more):
    return mllp.serve(HOST, 0, keep=keep, source_of=lambda _: "pas", **more)


async def asked(port, *messages):
    """The raw answers to messages, one connection, one after the other."""
    reader, writer = await asyncio.open_connection(HOST, port)
    answers = []
    for each in messages:
        writer.write(framed(each))
        answers.append(await reader.readuntil(b"\x1c\r"))
    writer.close()
    return answers


class Full:
    """A store whose disk is full for so many messages."""

    def __init__(self, store, times):
        self._store, self._times = store, times

    async def keep(self, arrival):
        self._times -= 1
        if self._times >= 0:
            raise Unavailable
        return await self._store.keep(arrival)


@pytest.mark.parametrize(
    ("not_now", "accept", "code"),
    [
        ({}, "", "AR"),
        ({"pas": "AR"}, "", "AR"),
        ({"pas": "AE"}, "", "AE"),
        ({"pas": "AE"}, "AL", "CE"),
        ({"lab": "AE"}, "", "AR"),
    ],
)
async def test_a_source_hears_what_its_engine_sends_again_after(store, not_now, accept, code):
    async with listening(Full(store, 1).keep, not_now=not_now) as listener:
        refused, taken = await asked(listener.port, message(1, accept), message(1, accept))
    assert f"MSA|{code}|1".encode() in refused
    assert f"MSA|{code[0]}A|1".encode() in taken
    assert (await store.received()).messages == 1


async def test_an_engine_that_sends_again_only_what_was_not_answered_gets_no_answer(store):
    full = Full(store, 2)
    async with listening(full.keep, not_now={"pas": "close"}) as listener:
        said = [message(n) for n in range(20)]
        answers = await mllp.deliver(HOST, listener.port, said)
        assert listener.tally.connections > 1
    assert [each.code for each in answers] == ["AA"] * 20
    assert [each.control for each in answers] == [str(n) for n in range(20)]
    assert (await store.received()).messages == 20  # whatever came with the refused: once


async def test_the_same_message_again_gets_the_same_acknowledgement(store):
    async with listening(store.keep) as listener:
        first, other = await asked(listener.port, message(1), message(2))
        await asyncio.sleep(0.01)
        again, last = await asked(listener.port, message(1), message(2))
    assert first == again
    assert other == last != first
    assert (await store.received()).messages == 2


async def test_another_message_with_the_same_id_is_kept_and_an_alarm(store):
    async with listening(store.keep) as listener:
        _, other = await asked(listener.port, message(1), message(1, family="OTHER"))
    assert b"MSA|AA|1|Kept and set aside for people" in other
    assert listener.tally.reused == 1
    assert [each.reason for each in await store.parked()] == ["CONTROL_REUSED"]
    [feed] = await store.feeds()
    assert (feed.messages, feed.parked) == (2, 1)


async def test_ids_of_two_senders_on_one_connection_are_their_own(store):
    async with listening(store.keep) as listener:
        await asked(listener.port, message(1), message(1, sender="LAB"))
    assert await store.parked() == []


async def kept(store):
    while not (await store.received()).messages:  # noqa: ASYNC110 - what keeps tells nobody
        await asyncio.sleep(0.01)


async def test_half_a_message_does_not_take_its_id(store):
    async with listening(store.keep) as listener:
        _, writer = await asyncio.open_connection(HOST, listener.port)
        writer.write(b"\x0b" + message(1)[:-9])
        await writer.drain()
        writer.close()
        await kept(store)
        await asked(listener.port, message(1))
    assert (await store.received()).messages == 2
    assert await store.parked() == []  # not yet read: the half is parked when it is


async def test_one_that_wants_no_answer_holds_up_nobody(store):
    async with listening(store.keep) as listener:
        reader, writer = await asyncio.open_connection(HOST, listener.port)
        writer.write(framed(message(1, "NE", "NE")) + framed(message(2)))
        assert b"MSA|AA|2" in await reader.readuntil(b"\x1c\r")
        writer.close()
    assert (await store.received()).messages == 2


class Liar(asyncio.Protocol):
    """A listener that answers each frame with what it is told to, or not at all."""

    said: list[bytes | None]

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        for _ in range(data.count(b"\x1c\r")):
            answer = self.said.pop(0)
            if answer is None:
                self.transport.close()
            else:
                self.transport.write(answer)


@pytest.fixture
async def liar():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Liar, HOST, 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


def msa(control, code="AA"):
    return framed(f"MSH|^~\\&|\rMSA|{code}|{control}\r".encode())


async def test_an_answer_for_another_message_is_not_believed(liar):
    Liar.said = [msa(1), msa(1)]
    with pytest.raises(WrongAnswer):
        _ = [each async for each in mllp.send(HOST, liar, [message(1), message(2)])]


async def test_an_answer_that_never_comes_is_not_waited_for_for_ever(liar):
    Liar.said = [b""]
    with pytest.raises(NotAnswered):
        _ = [each async for each in mllp.send(HOST, liar, [message(1)], patience=0.05)]


async def test_what_was_not_answered_rightly_is_sent_again(liar):
    Liar.said = [msa(1), msa(1), None, msa(2), b"", msa(3)]
    messages = [message(n) for n in (1, 2, 3)]
    answers = await mllp.deliver(HOST, liar, messages, window=1, patience=0.1)
    assert [(each.code, each.control) for each in answers] == [
        ("AA", "1"),
        ("AA", "2"),
        ("AA", "3"),
    ]
    assert Liar.said == []


async def test_a_sender_gives_up_in_the_end(liar):
    Liar.said = [msa(9)] * 3
    with pytest.raises(WrongAnswer):
        await mllp.deliver(HOST, liar, [message(1)], attempts=3)


async def test_after_a_lost_acknowledgement_the_message_is_there_once(store):
    """The listener's answer is lost on the way: the message comes twice and has one effect."""

    async with listening(store.keep) as listener:
        reader, writer = await asyncio.open_connection(HOST, listener.port)
        writer.write(framed(message(1)))
        await kept(store)
        writer.transport.abort()  # before anything is read
        del reader
        [answer] = await mllp.deliver(HOST, listener.port, [message(1)])
    assert answer.taken
    assert (await store.received()).messages == 1
