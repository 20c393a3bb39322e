"""What sources merge and take back, on every store: never a cycle, never a lost fact."""

from asyncio import gather
from collections.abc import Sequence
from itertools import permutations

import pytest

from tests.conformance.demographics import described, tell, whom
from tests.conformance.demographics import patient as full
from tests.conformance.given import decide, keep, patient, person, prepare, settled, sources
from wholerecord.access import Store
from wholerecord.access.detecting import detect
from wholerecord.fold import fold
from wholerecord.fold.compare import digest
from wholerecord.people import Act, Review
from wholerecord.record import PersonId, Statement

MERGES = [
    pytest.param([("A", "B"), ("A", "B")], id="repeated"),
    pytest.param([("A", "B"), ("B", "A")], id="reversed"),
    pytest.param([("A", "A")], id="to itself"),
    pytest.param([("A", "B"), ("B", "C")], id="a chain"),
    pytest.param([("B", "C"), ("A", "B")], id="a chain from its end"),
    pytest.param([("A", "B"), ("B", "C"), ("C", "A")], id="a circle"),
    pytest.param([("A", "B"), ("C", "B")], id="of one already merged elsewhere"),
]


async def _said(store: Store, one: PersonId) -> Sequence[Statement]:
    return await store.statements({m.patient: m.t for m in await store.members(one)})


async def _record(store: Store, one: PersonId) -> str:
    """The hash of a person's record as it is now."""
    return digest(fold(await _said(store, one)))


async def _asked(store: Store) -> list[Review]:
    return sorted(await store.reviews(), key=lambda review: (review.against, review.patient))


async def _three(store: Store) -> None:
    await sources(store, "gp")
    for number, family in (("A", "Adams"), ("B", "Brown"), ("C", "Clark")):
        await keep(store, "gp", [number, family, "", 3])
    await settled(store)


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one by one"])
@pytest.mark.parametrize("merges", MERGES)
async def test_merges_in_any_shape_lose_nothing_and_end(
    store: Store, merges: list[tuple[str, str]], *, at_once: bool
) -> None:
    await _three(store)
    lines = [["merge", kept, retired] for kept, retired in merges]
    for n, message in enumerate([lines] if at_once else [[line] for line in lines]):
        await keep(store, "gp", *message, ["message", n])  # the same bytes are kept once
        await settled(store)
    filed = [one for each in await store.people() for one in await _said(store, each)]
    assert len(filed) == 9
    assert {one.patient for one in filed} == {patient("gp", n) for n in "ABC"}
    for kept, retired in merges[-1:]:
        assert await person(store, "gp", kept) == await person(store, "gp", retired)
    # Said once more, the last changes nothing: there is no event, and no question.
    events = [await store.events(each) for each in await store.people()]
    await keep(store, "gp", lines[-1], lines[-1])
    assert await settled(store) == []
    assert [await store.events(each) for each in await store.people()] == events


async def test_a_merge_taken_back_restores_both_records_to_the_hash(store: Store) -> None:
    await _three(store)
    one, other = [await person(store, "gp", number) for number in "AB"]
    before = [await _record(store, one), await _record(store, other)]
    await keep(store, "gp", ["merge", "A", "B"])
    [merged] = await settled(store)
    assert (merged.act, merged.by, merged.model) == (Act.MERGE, "rules", "test")
    assert await store.members(other) == []
    await keep(store, "gp", ["unmerge", "A", "B"])
    [parted] = await settled(store)
    assert (parted.act, parted.person, parted.was) == (Act.UNMERGE, other, one)
    assert [await _record(store, one), await _record(store, other)] == before
    assert await store.reviews() == []
    was = await store.members(one, at=merged.at)
    assert {member.patient for member in was} == {patient("gp", "A"), patient("gp", "B")}
    assert [len(await store.members(each, at=parted.at)) for each in (one, other)] == [1, 1]


async def test_what_was_filed_while_two_were_one_goes_to_review(store: Store) -> None:
    await _three(store)
    await keep(store, "gp", ["merge", "A", "B"])
    await settled(store)
    await keep(store, "gp", ["A", "Adams", "", 2])
    await settled(store)
    await keep(store, "gp", ["unmerge", "A", "B"])
    await settled(store)
    [review] = await store.reviews()
    assert (review.patient, review.person) == (patient("gp", "A"), await person(store, "gp", "B"))
    assert review.why == "1 filing made while the two were one: they may be about the other"


async def test_whoever_was_merged_into_another_goes_with_them_when_that_is_undone(
    store: Store,
) -> None:
    await _three(store)
    for pair in (("A", "B"), ("B", "C")):
        await keep(store, "gp", ["merge", *pair])
        await settled(store)
    await keep(store, "gp", ["unmerge", "A", "B"])
    events = await settled(store)
    assert [event.act for event in events] == [Act.UNMERGE, Act.UNMERGE]
    one, *two = [await person(store, "gp", number) for number in "ABC"]
    assert two[0] == two[1] != one


#: What was said, in the order it was said; and who is one person then.
_LIVES = [
    pytest.param(["merge A B", "unmerge A B"], {"A", "B", "C"}, id="taken back"),
    pytest.param(
        ["merge A B", "unmerge A B", "merge A B"], {"AB", "C"}, id="taken back, and said again"
    ),
    pytest.param(["merge A B", "merge B A", "unmerge A B"], {"A", "B", "C"}, id="both ways"),
    pytest.param(["merge A B", "merge B C"], {"ABC"}, id="a chain"),
    pytest.param(["merge A B", "merge B C", "unmerge A B"], {"A", "BC"}, id="a chain, cut"),
    pytest.param(["merge A B", "merge C B"], {"A", "BC"}, id="into one, then another"),
    pytest.param(
        ["merge A B", "merge C B", "unmerge C B"], {"AB", "C"}, id="the second of two taken back"
    ),
    pytest.param(["merge A B", "merge B C", "merge C A"], {"ABC"}, id="a circle"),
]


@pytest.mark.parametrize(("said", "people"), _LIVES)
async def test_merges_end_in_the_same_people_whatever_order_they_come_in(
    store: Store, said: list[str], people: set[str]
) -> None:
    lines = [[*each.split(), f"2026-03-0{day}T10:00:00+00:00"] for day, each in enumerate(said, 1)]
    for n, order in enumerate(permutations(lines)):
        source = f"gp{n}"
        await sources(store, source)
        for number in "ABC":
            await keep(store, source, [number, f"Family{number}{n}", "", 1])
        await settled(store)
        for line in order:
            await keep(store, source, line)
            await settled(store)
        together: dict[str, str] = {}
        for number in "ABC":
            who = await person(store, source, number)
            together[who] = together.get(who, "") + number
        assert set(together.values()) == people, order


@pytest.mark.parametrize("vetoed", ["A", "B"])
async def test_a_merge_of_two_whom_somebody_found_to_be_two_goes_to_review(
    store: Store, vetoed: str
) -> None:
    await _three(store)
    other = "B" if vetoed == "A" else "A"
    await store.veto(
        patient("gp", vetoed), await person(store, "gp", other), by="dr", why="saw them both"
    )
    await keep(store, "gp", ["merge", "A", "B"])
    assert await settled(store) == []
    [review] = await store.reviews()
    assert review.why.startswith("the source merges these two, and somebody decided")


async def test_two_linkers_with_opposite_merges_agree(store: Store) -> None:
    await _three(store)
    await keep(store, "gp", ["merge", "A", "B"])
    await keep(store, "gp", ["merge", "B", "A"])
    while await store.file_waiting(prepare):
        pass
    for _ in range(2):
        await store.link_waiting(decide, limit=1)
    assert await person(store, "gp", "A") == await person(store, "gp", "B")
    assert len(await store.people()) == 2


async def test_opposite_merges_said_and_carried_out_at_the_same_time_end_in_one_person(
    store: Store,
) -> None:
    await _three(store)
    await gather(
        keep(store, "gp", ["merge", "A", "B"]),
        keep(store, "gp", ["merge", "B", "A"]),
        keep(store, "gp", ["C", "Clark", "", 1]),
    )
    await gather(*(store.file_waiting(prepare) for _ in range(3)))
    while await store.file_waiting(prepare):
        pass
    await gather(*(store.link_waiting(decide, limit=1) for _ in range(4)))
    await settled(store)
    assert await person(store, "gp", "A") == await person(store, "gp", "B")
    assert await person(store, "gp", "C") != await person(store, "gp", "A")
    filed = [one for each in await store.people() for one in await _said(store, each)]
    assert len(filed) == 10
    events = [await store.events(each) for each in await store.people()]
    assert await settled(store) == []
    assert [await store.events(each) for each in await store.people()] == events


async def test_a_merge_that_contradicts_the_evidence_is_asked_about(store: Store) -> None:
    await tell(store, "gp", described("1", "Smith", "Ann", "1950-03-12", nhs="9990000018"))
    await tell(store, "acute", described("2", "Jones", "Kim", "1985-11-30", nhs="9990000026"))
    one, _ = await whom(store, ("gp", "1"), ("acute", "2"))
    assert one is not None
    await store.join(full("acute", "2"), one, by="dr", why="a wrong click")
    assert await detect(store, [one]) == 1
    [review] = await store.reviews()
    assert review.why == "two verified NHS numbers"
