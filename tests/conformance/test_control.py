"""What a sender calls a message stands for one message: in every store."""

import asyncio

import pytest

from tests.conformance.given import message, prepare, sources
from wholerecord.access import Store
from wholerecord.errors import NotFound
from wholerecord.intake import Arrival, Reason, Receipt


async def keep(store: Store, said: int, control: str | None = "M1", sender: str = "PAS") -> Receipt:
    body = message([str(said), "Example", "", 1])
    return await store.keep(Arrival(source="gp", body=body, control=control, sender=sender))


async def test_the_same_message_again_gives_the_same_receipt(store: Store) -> None:
    await sources(store, "gp")
    first, again = await keep(store, 1), await keep(store, 1)
    assert (first.fresh, again.fresh) == (True, False)
    assert (again.message, again.received) == (first.message, first.received)
    assert not first.reused
    assert not again.reused
    assert await store.parked() == []


async def test_another_message_with_the_same_id_is_kept_and_parked_and_not_filed(
    store: Store,
) -> None:
    await sources(store, "gp")
    first, other, third = await keep(store, 1), await keep(store, 2), await keep(store, 3)
    assert (first.reused, other.reused, third.reused) == (False, True, True)
    assert [each.message for each in await store.file_waiting(prepare)] == [first.message]
    parked = await store.parked()
    assert [each.message for each in parked] == [other.message, third.message]
    assert {(each.reason, each.owner, each.place) for each in parked} == {
        (Reason.CONTROL_REUSED.name, "RXGP", "MSH-10")
    }
    assert await store.message(other.message) == message(["2", "Example", "", 1])
    counts = await store.received()
    assert (counts.messages, counts.waiting, counts.faulty, counts.statements) == (3, 0, 2, 1)
    [feed] = await store.feeds()
    assert (feed.messages, feed.parked) == (3, 2)


async def test_what_was_parked_for_its_id_gets_the_same_receipt_again(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, 1)
    other, again = await keep(store, 2), await keep(store, 2)
    assert (again.message, again.reused, again.fresh) == (other.message, True, False)
    assert len(await store.parked()) == 1


async def test_an_id_is_its_senders_own(store: Store) -> None:
    await sources(store, "gp", "hospital")
    assert not (await keep(store, 1)).reused
    assert not (await keep(store, 2, sender="LAB")).reused
    assert not (await keep(store, 3, control="M2")).reused
    assert not (await keep(store, 4, control=None)).reused
    assert not (await keep(store, 5, control=None)).reused
    body = message(["1", "Example", "", 1])
    other = await store.keep(Arrival(source="hospital", body=body, control="M1", sender="PAS"))
    assert not other.reused


async def test_of_many_at_once_with_one_id_one_is_filed(store: Store) -> None:
    await sources(store, "gp")
    receipts = await asyncio.gather(*(keep(store, n % 20) for n in range(60)))
    assert len({each.message for each in receipts}) == 20
    assert len({each.message for each in receipts if not each.reused}) == 1
    assert len(await store.parked()) == 19
    assert len(await store.file_waiting(prepare)) == 1


async def test_a_key_stands_for_the_bytes_it_came_with(store: Store) -> None:
    await sources(store, "gp", "hospital")
    assert await store.pledge("gp", "k", b"1" * 32)
    assert await store.pledge("gp", "k", b"1" * 32)
    assert not await store.pledge("gp", "k", b"2" * 32)
    assert await store.pledge("hospital", "k", b"2" * 32)
    with pytest.raises(NotFound):
        await store.pledge("nobody", "k", b"1" * 32)
