"""Questions about who is who, on every store: whom they are about, and what takes two people."""

from tests.conformance.demographics import described, tell, whom
from tests.conformance.demographics import patient as full
from tests.conformance.given import keep, patient, person, settled, sources
from wholerecord.access import Store
from wholerecord.people import Act, Asked
from wholerecord.record import PersonId


async def test_splitting_a_restricted_person_takes_two_and_nobody_agrees_with_themselves(
    store: Store,
) -> None:
    ada = described("1", "Smith", "Ann", "1950-03-12", nhs="9990000018", restricted=True)
    await tell(store, "gp", ada)
    await tell(store, "acute", ada | {"id": "2"})
    one, same = await whom(store, ("gp", "1"), ("acute", "2"))
    assert one is not None
    assert one == same
    for _ in range(2):
        asked = await store.unlink(full("acute", "2"), by="ann", why="two people")
        assert (asked.act, asked.person) == (Act.PROPOSE, one)
    assert len(await store.members(one)) == 2
    done = await store.unlink(full("acute", "2"), by="ben", why="I see it too")
    assert done.act is Act.UNLINK
    assert [member.patient for member in await store.members(one)] == [full("gp", "1")]


async def test_what_waits_about_one_person_is_told_and_nothing_of_others(store: Store) -> None:
    await sources(store, "gp")
    for number, family in (("A", "Adams"), ("B", "Brown"), ("C", "Clark")):
        await keep(store, "gp", [number, family, "", 1])
    await settled(store)
    one, other, third = [await person(store, "gp", number) for number in "ABC"]
    await store.ask([Asked(patient=patient("gp", "A"), person=other, weight=9.0, parts=())])
    [review] = await store.reviews()
    assert (review.patient, review.person) == (patient("gp", "A"), other)
    assert await store.reviews_of(one) == await store.reviews_of(other) == [review]
    assert await store.reviews_of(third) == await store.reviews_of(PersonId("x")) == []
    await store.veto(patient("gp", "A"), other, by="ann", why="two people")
    assert await store.reviews_of(one) == []
