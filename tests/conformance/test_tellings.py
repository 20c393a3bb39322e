"""Everyone who opened a record while it was wrongly joined is known, and told once."""

from tests.conformance.given import (
    NUMBERS,
    allow,
    ask,
    keep,
    patient,
    person,
    refuse,
    settled,
    sources,
)
from wholerecord.access import Store
from wholerecord.consent import View

ONE, *_ = NUMBERS


async def test_whoever_saw_two_people_as_one_is_listed_and_told_once(store: Store) -> None:
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["1", "Example", ONE, 1])
    await settled(store)
    one = await person(store, "gp", "1")
    await store.open(ask(one), allow)  # before: one patient alone
    await keep(store, "hospital", ["8", "Example", ONE, 1])
    await settled(store)
    await store.open(ask(one, view=View.FIND), allow)  # a line in a list shows no record
    await store.open(ask(one), refuse)
    assert await store.misled(one) == []
    await store.open(ask(one), allow)
    await store.open(ask(one, view=View.PROVENANCE), allow)
    assert await store.notices("dr") == []
    parted = await store.unlink(patient("hospital", "8"), by="dr2", why="twins")
    await store.open(ask(one), allow)  # after: put right
    [misled] = await store.misled(one)
    assert (misled.actor, misled.name, misled.looks) == ("dr", "Dr Example", 2)
    assert (misled.event, misled.person, misled.patient) == (
        parted.n,
        one,
        patient("hospital", "8"),
    )
    assert misled.read is None
    assert await store.notices("dr") == [misled]
    assert await store.notices("dr2") == []
    await store.noticed("dr", parted.n)
    await store.noticed("dr", parted.n)
    assert await store.notices("dr") == []
    assert (await store.misled(one))[0].read is not None
    assert await store.misled(parted.person) == []


async def test_a_merge_taken_back_tells_whoever_looked_meanwhile(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["A", "Adams", "", 1], ["B", "Brown", "", 1])
    await settled(store)
    await keep(store, "gp", ["merge", "A", "B"])
    await settled(store)
    one = await person(store, "gp", "A")
    await store.open(ask(one), allow)
    await keep(store, "gp", ["unmerge", "A", "B"])
    await settled(store)
    assert [notice.person for notice in await store.notices("dr")] == [one]
