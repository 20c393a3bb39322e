"""Fair turns: whoever floods waits behind itself."""

import asyncio

import pytest

from wholerecord.intake import Arrival, Receipt, mllp
from wholerecord.intake.turns import Turns
from wholerecord.record import MessageId


class Slow:
    """Keeps each arrival in a hundredth of a second, in the order they begin."""

    def __init__(self):
        self.begun = []
        self.under_way = self.most = self.bytes = self.most_bytes = 0

    async def __call__(self, arrival):
        self.begun.append(arrival.source)
        self.under_way += 1
        self.bytes += len(arrival.body)
        self.most, self.most_bytes = (
            max(self.most, self.under_way),
            max(self.most_bytes, self.bytes),
        )
        try:
            await asyncio.sleep(0.01)
        finally:
            self.under_way -= 1
            self.bytes -= len(arrival.body)
        if arrival.name == "bad":
            raise ConnectionError
        return Receipt(message=MessageId(len(self.begun)), fresh=True)


def arrival(source, size=1, name=""):
    return Arrival(source=source, body=b"x" * size, name=name)


async def test_a_feed_that_floods_does_not_slow_another():
    slow = Slow()
    turns = Turns(slow, most=4)
    flood = [asyncio.create_task(turns.keep(arrival("flood"))) for _ in range(100)]
    await asyncio.sleep(0)
    for _ in range(5):
        began = len(slow.begun)
        await turns.keep(arrival("quiet"))
        # Before those who had not been called in when it came: not after the hundred of the flood.
        assert slow.begun.index("quiet", began) - began <= 4
    assert not all(task.done() for task in flood)
    await asyncio.gather(*flood)
    assert slow.most == 5


async def test_sources_that_wait_are_served_in_turn():
    slow = Slow()
    turns = Turns(slow, most=1)
    tasks = [asyncio.create_task(turns.keep(arrival(source))) for source in "aaaabbbbcccc"]
    await asyncio.gather(*tasks)
    assert "".join(slow.begun) == "abc" * 4
    assert slow.most == 3  # one of each


async def test_bytes_are_bounded_and_one_larger_than_the_bound_comes_through():
    slow = Slow()
    turns = Turns(slow, most=100, most_bytes=10)
    await asyncio.gather(*(turns.keep(arrival("a", size)) for size in (4, 4, 4, 40, 4, 4)))
    assert slow.most_bytes == 40
    assert len(slow.begun) == 6


async def test_what_fails_or_goes_away_gives_its_room_back():
    slow = Slow()
    turns = Turns(slow, most=2)
    tasks = [
        asyncio.create_task(turns.keep(arrival("a", name="bad" if n % 3 else "")))
        for n in range(30)
    ]
    await asyncio.sleep(0.015)
    for task in tasks[3:20]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    with pytest.raises(ConnectionError):
        await turns.keep(arrival("a", name="bad"))
    await asyncio.gather(*(turns.keep(arrival("b")) for _ in range(5)))
    assert slow.under_way == 0
    assert slow.most <= 3
    assert not turns._queues


async def test_over_mllp_a_quiet_source_is_answered_while_another_floods():
    slow = Slow()
    keep = Turns(slow, most=4).keep

    async def flood(port):
        messages = [b"MSH|^~\\&|A|B|C|D|||ADT|%d" % n for n in range(400)]
        return [each async for each in mllp.send("127.0.0.1", port, messages, window=200)]

    async with (
        mllp.serve("127.0.0.1", 0, keep=keep, source_of=lambda _: "flood") as loud,
        mllp.serve("127.0.0.1", 0, keep=keep, source_of=lambda _: "quiet") as quiet,
    ):
        flooding = asyncio.create_task(flood(loud.port))
        while len(slow.begun) < 20:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0)
        for n in range(5):
            [answer] = [
                each
                async for each in mllp.send(
                    "127.0.0.1", quiet.port, [b"MSH|^~\\&|A|B|C|D|||ADT|%d" % n]
                )
            ]
            assert answer.taken
        assert not flooding.done()
        assert len(slow.begun) < 200
        assert len(await flooding) == 400
