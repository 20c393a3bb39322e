"""Wrong facts and whom to tell are kept by every store alike, once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.conformance.given import NUMBERS, keep, patient, person, settled, sources
from wholerecord.access import Store
from wholerecord.access.wrong_facts import Misinformed, Wrong, WrongFact
from wholerecord.fold import About, Verdict

AT = datetime(2026, 3, 1, tzinfo=UTC)


async def test_a_fact_is_kept_once_and_told_until_it_is_read(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", NUMBERS[0], 1])
    await settled(store)
    one, whose = await person(store, "gp", "1"), patient("gp", "1")
    fact = WrongFact(person=one, patient=whose, kind="Condition", own="c\0", first=1, stood=1,
                     at=AT, how=Wrong.TAKEN_BACK)  # fmt: skip
    dr = Misinformed(fact=0, person=one, how=fact.how, at=AT, actor="dr", name="Dr", role="doctor",
                     organisation="RXA", looks=2, last=AT)  # fmt: skip
    assert await store.keep_wrong(fact, [dr, replace(dr, actor="nurse")])
    assert not await store.keep_wrong(fact, [dr])
    later = replace(fact, at=AT + timedelta(days=1), how=Wrong.CORRECTED)
    assert await store.keep_wrong(later, [])
    [told] = await store.wrong_notices("dr")
    assert told == replace(dr, fact=told.fact)
    assert [each.actor for each in await store.misinformed(one)] == ["dr", "nurse"]
    for _ in range(2):
        await store.wrong_noticed("dr", told.fact)
    assert await store.wrong_notices("dr") == []
    assert [each.read is None for each in await store.misinformed(one)] == [False, True]
    assert await store.wrong_notices("nobody\0") == []


async def test_rulings_that_something_is_wrong_are_found_while_they_stand(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", NUMBERS[0], 1])
    await settled(store)
    about = (About(patient("gp", "1"), "Condition", "a"), About(patient("gp", "1"), "Flag", "b"))
    first = await store.rule(Verdict.WRONG, about, by="gp", why="no")
    await store.rule(Verdict.DISPUTED, about, by="gp", why="no")
    gone = await store.rule(Verdict.WRONG, about, by="gp", why="no")
    await store.withdraw(gone.n, by="gp")
    assert await store.wrong_rulings(after=0) == [first]
    assert await store.wrong_rulings(after=first.n) == []
