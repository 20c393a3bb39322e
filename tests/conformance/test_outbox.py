"""What every store does with the messages that tell people who looked, and with concerns."""

from dataclasses import replace

import pytest

from tests.conformance.given import NUMBERS, allow, ask, keep, person, refuse, settled, sources
from wholerecord.access import Actor, Store
from wholerecord.access.outbox import Channel, Choice
from wholerecord.consent import Purpose, Role, View
from wholerecord.errors import NotFound
from wholerecord.record import PersonId

MAIL = Choice(channel=Channel.EMAIL, address="ada@mail.example", says_who=True)
NURSE = Actor(id="nu", name="Nurse Example", role=Role.NURSE, organisation="RXA")


async def somebody(store: Store) -> PersonId:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", NUMBERS[0], 1])
    await settled(store)
    return await person(store, "gp", "1")


async def test_a_look_is_told_once_a_day_for_each_who_looks_and_why(store: Store) -> None:
    one = await somebody(store)
    assert await store.choice_of(one) == Choice()
    await store.open(ask(one), allow)  # before they chose
    await store.choose_telling(one, MAIL, by="ada")
    assert await store.choice_of(one) == MAIL
    first, _, _ = await store.open(ask(one), allow)
    await store.open(ask(one, view=View.PROVENANCE), allow)
    await store.open(ask(one, view=View.FIND), allow)  # a line in a list is not told
    await store.open(ask(one), refuse)
    glass, _, _ = await store.open(replace(ask(one), purpose=Purpose.EMERGENCY), allow)
    nurse, _, _ = await store.open(replace(ask(one), actor=NURSE), allow)
    assert await store.write_dispatches(limit=3) == 3
    assert await store.write_dispatches() == 4
    assert await store.write_dispatches() == 0
    dispatches = await store.take_dispatches()
    assert [dispatch.look for dispatch in dispatches] == [first, glass, nurse]
    assert {(n.channel, n.address, n.says_who, n.tries) for n in dispatches} == {
        (Channel.EMAIL, "ada@mail.example", True, 1)
    }
    assert "ada@" not in repr(dispatches)
    assert await store.take_dispatches() == []  # lent


async def test_what_could_not_be_sent_is_tried_again_and_given_up_at_last(store: Store) -> None:
    one = await somebody(store)
    await store.choose_telling(one, MAIL, by="ada")
    await store.open(ask(one), allow)
    await store.write_dispatches()
    [dispatch] = await store.take_dispatches()
    await store.dispatch_failed(dispatch.n, again=0)
    [again] = await store.take_dispatches()
    assert (again.n, again.tries) == (dispatch.n, 2)
    await store.dispatch_failed(dispatch.n, again=5)
    assert await store.take_dispatches() == []
    await store.dispatch_failed(dispatch.n, again=None)
    assert await store.given_up() == 1
    assert await store.take_dispatches() == []


async def test_what_was_sent_is_not_sent_again(store: Store) -> None:
    one = await somebody(store)
    await store.choose_telling(one, MAIL, by="ada")
    await store.open(ask(one), allow)
    await store.write_dispatches()
    [dispatch] = await store.take_dispatches()
    await store.dispatch_sent(dispatch.n)
    await store.dispatch_failed(dispatch.n, again=0)
    assert await store.take_dispatches() == []


@pytest.mark.parametrize("other", [Choice(), replace(MAIL, quiet=True)])
async def test_what_waits_is_dropped_when_the_person_chooses_quiet_or_the_app(
    store: Store, other: Choice
) -> None:
    one = await somebody(store)
    await store.choose_telling(one, MAIL, by="ada")
    await store.open(ask(one), allow)
    await store.write_dispatches()
    await store.open(replace(ask(one), actor=NURSE), allow)  # not gone through yet
    await store.choose_telling(one, other, by="ada")
    await store.open(replace(ask(one), purpose=Purpose.EMERGENCY), allow)
    await store.write_dispatches()
    assert await store.take_dispatches() == []
    assert await store.given_up() == 0


async def test_a_concern_is_closed_by_a_reply_and_once(store: Store) -> None:
    one = await somebody(store)
    look, _, _ = await store.open(ask(one), allow)
    raised = await store.raise_concern(one, look.n, by="ada", why="my neighbour\0")
    assert (raised.person, raised.opening, raised.why) == (one, look.n, "my neighbour\ufffd")
    assert await store.open_concerns() == [raised] == await store.concerns_of(one)
    await store.answer_concern(raised.n, by="gov", reply="They covered a ward.")
    assert await store.open_concerns() == []
    [closed] = await store.concerns_of(one)
    assert (closed.reply, closed.replied_by) == ("They covered a ward.", "gov")
    assert closed.replied is not None
    assert await store.concern(raised.n) == closed
    for n in (raised.n, raised.n + 1, 0, 1 << 70):
        with pytest.raises(NotFound):
            await store.answer_concern(n, by="gov", reply="again")
    assert await store.concern(raised.n + 1) is None


async def test_a_concern_is_about_a_look_at_ones_own_record(store: Store) -> None:
    one = await somebody(store)
    look, _, _ = await store.open(ask(one), allow)
    for person_, n in ((PersonId("e" * 32), look.n), (one, look.n + 1), (one, 1 << 70)):
        with pytest.raises(NotFound):
            await store.raise_concern(person_, n, by="ada", why="my neighbour")
    assert await store.open_concerns() == []
