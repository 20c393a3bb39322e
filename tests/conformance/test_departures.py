"""The book of what left: written in order, read by pages, and taken out once it was held."""

from datetime import UTC, datetime

from tests.conformance.given import allow, ask
from wholerecord.access import Store
from wholerecord.access.departures import Departure, noting
from wholerecord.record import PersonId

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def lines(count: int) -> list[Departure]:
    return [
        Departure(at=AT, sort=f"page {n}\0", openings=tuple(range(n)), people=n)
        for n in range(count)
    ]


async def test_lines_are_kept_in_order_and_taken_out_but_for_some(store: Store) -> None:
    assert await store.departures() == []
    await store.add_departures(lines(5))
    await store.add_departures([])
    kept = await store.departures()
    assert [(one.sort, one.openings, one.people, one.at) for one in kept] == [
        (f"page {n}\ufffd", tuple(range(n)), n, AT) for n in range(5)
    ]
    assert await store.departures(after=kept[1].n, limit=2) == kept[2:4]
    await store.forget_departures(until=kept[3].n, keep=[kept[1].n])
    assert await store.departures() == [kept[1], kept[4]]
    await store.add_departures(lines(1))
    assert (await store.departures())[-1].n > kept[4].n


async def test_whoever_is_noting_hears_of_every_look_and_of_no_others(store: Store) -> None:
    before, _, _ = await store.open(ask(PersonId("f" * 32)), allow)
    with noting() as noted:
        look, _, _ = await store.open(ask(PersonId("f" * 32)), allow)
        with noting() as within:
            inner, _, _ = await store.open(ask(None), allow)
        assert [one.n for one in within] == [inner.n]
    await store.open(ask(None), allow)
    assert noted == [(look.n, True)]
    assert before.n < look.n
