"""What every store does about who is who."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import product

import pytest

from tests.conformance.given import (
    NUMBERS,
    decide,
    keep,
    never,
    patient,
    person,
    prepare,
    settled,
    sources,
    who,
)
from wholerecord.access import Store
from wholerecord.errors import NotFound
from wholerecord.nhs import NhsNumber
from wholerecord.people import Act, Candidate, Decision, Demographics
from wholerecord.people.blocking import CROWD, keys, search_keys
from wholerecord.record import PatientId, PersonId

ONE, TWO, *_ = NUMBERS
NOBODY = PersonId("f" * 32)


async def test_two_sources_of_one_number_are_one_person(store: Store) -> None:
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["1", "Example", ONE, 1])
    await keep(store, "hospital", ["8", "Example", ONE, 1])
    first, second = await settled(store)
    assert (first.act, first.was, first.by) == (Act.LINK, None, "rules")
    assert (second.person, second.weight, second.model) == (first.person, 9.0, "test")
    assert [part.comparison for part in second.parts] == ["family"]
    members = await store.members(first.person)
    assert [(m.source, m.number, m.controller, m.t) for m in members] == [
        ("gp", "1", "RXGP", 1),
        ("hospital", "8", "RXHOSPITAL", 1),
    ]
    assert members[0].demographics == who("Example", ONE)
    assert list(await store.people()) == [first.person]
    assert await store.link_waiting(decide) == []


async def test_a_patient_nobody_described_waits_to_be_linked(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "", "", 1])
    assert await settled(store) == []
    assert await store.person_of(patient("gp", "1")) is None
    await keep(store, "gp", ["1", "Example", ONE, 1])
    [event] = await settled(store)
    assert event.patient == patient("gp", "1")


async def test_a_possible_match_goes_to_people_and_joins_nothing(store: Store) -> None:
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["1", "Example", ONE, 1])
    await keep(store, "hospital", ["8", "Example", "", 1])
    await settled(store)
    [review] = await store.reviews()
    assert (review.patient, review.weight) == (patient("hospital", "8"), 2.5)
    assert review.person == await person(store, "gp", "1")
    assert review.patient_person == await person(store, "hospital", "8") != review.person
    assert review.parts[0].why == "the same"


async def test_joining_answers_the_review_and_unlinking_restores(store: Store) -> None:
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["1", "Example", ONE, 1])
    await keep(store, "hospital", ["8", "Example", "", 1])
    await settled(store)
    [review] = await store.reviews()
    before = await store.members(review.patient_person)
    joined = await store.join(review.patient, review.person, by="dr", why="asked them\0")
    assert (joined.act, joined.was, joined.by) == (Act.JOIN, review.patient_person, "dr")
    assert joined.why == "asked them\ufffd"
    assert await store.reviews() == []
    assert len(await store.members(review.person)) == 2
    assert await store.members(review.patient_person) == []
    undone = await store.unlink(review.patient, by="dr", why="a mistake")
    assert undone.person == review.patient_person
    assert await store.members(review.patient_person) == before


async def test_unlinking_a_first_link_leaves_the_patient_alone(store: Store) -> None:
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["1", "Example", ONE, 1])
    await keep(store, "hospital", ["8", "Example", ONE, 1])
    await settled(store)
    shared = await person(store, "gp", "1")
    event = await store.unlink(patient("hospital", "8"), by="dr", why="twins")
    assert event.person != shared == event.was
    again = await store.unlink(patient("hospital", "8"), by="dr", why="once more")
    assert again.person == again.was == event.person


async def test_what_was_taken_apart_no_rule_joins_again(store: Store) -> None:
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["1", "Example", ONE, 1])
    await keep(store, "hospital", ["8", "Example", ONE, 1])
    await settled(store)
    await store.unlink(patient("hospital", "8"), by="dr", why="twins")
    await keep(store, "hospital", ["8", "Example-Renamed", ONE, 1])
    assert await settled(store) == []
    assert await store.reviews() == []
    assert len(await store.people()) == 2


async def test_a_veto_moves_nobody_and_is_remembered(store: Store) -> None:
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["1", "Example", ONE, 1])
    await keep(store, "hospital", ["8", "Example", "", 1])
    await settled(store)
    [review] = await store.reviews()
    event = await store.veto(review.patient, review.person, by="dr", why="sisters")
    assert (event.act, event.person, event.was) == (Act.VETO, review.person, review.patient_person)
    assert await store.person_of(review.patient) == review.patient_person
    assert await store.reviews() == []
    await keep(store, "hospital", ["8", "Example", ONE, 1])
    await settled(store)
    assert await store.reviews() == []


async def test_a_linked_patient_is_not_moved_by_a_change_but_people_are_asked(
    store: Store,
) -> None:
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["1", "Example", ONE, 1])
    await keep(store, "hospital", ["8", "Example", ONE, 1])
    await keep(store, "hospital", ["9", "Different", TWO, 1])
    await settled(store)
    await keep(store, "hospital", ["8", "Different", TWO, 1])
    assert await settled(store) == []
    shared = await person(store, "gp", "1")
    reviews = {(each.person, each.patient_person) for each in await store.reviews()}
    assert reviews == {(shared, shared), (await person(store, "hospital", "9"), shared)}


async def test_a_merge_moves_the_retired_patient(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", ONE, 1], ["2", "Other", "", 1])
    await settled(store)
    kept, retired = await person(store, "gp", "1"), await person(store, "gp", "2")
    await keep(store, "gp", ["merge", "1", "2"])
    [event] = await settled(store)
    assert (event.act, event.person, event.was) == (Act.MERGE, kept, retired)
    assert (await store.unlink(patient("gp", "2"), by="dr", why="no")).person == retired
    await keep(store, "gp", ["merge", "1", "2"], ["fault"])
    assert await settled(store) == []
    [review] = await store.reviews()
    assert (review.patient, review.person) == (patient("gp", "2"), kept)


async def test_a_merge_of_patients_filed_with_it_waits_for_their_links(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", ONE, 1], ["2", "Other", "", 1], ["merge", "1", "2"])
    await keep(store, "gp", ["3", "", "", 1], ["4", "", "", 1], ["merge", "3", "4"])
    events = await settled(store)
    acts = [event.act for event in events]
    assert acts.count(Act.MERGE) == 2
    assert await person(store, "gp", "1") == await person(store, "gp", "2")
    assert await person(store, "gp", "3") == await person(store, "gp", "4")


async def test_an_unmerge_takes_the_merge_back(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", ONE, 1], ["2", "Other", TWO, 1])
    await settled(store)
    kept, retired = await person(store, "gp", "1"), await person(store, "gp", "2")
    before = [await store.members(each) for each in (kept, retired)]
    await keep(store, "gp", ["merge", "1", "2"])
    await keep(store, "gp", ["unmerge", "1", "2"])
    merged, undone = await settled(store)
    assert (merged.act, merged.person) == (Act.MERGE, kept)
    assert (undone.act, undone.person, undone.was) == (Act.UNMERGE, retired, kept)
    assert (undone.by, undone.model) == ("rules", "test")
    assert [await store.members(each) for each in (kept, retired)] == before
    await keep(store, "gp", ["unmerge", "1", "2"], ["fault"])
    assert await settled(store) == []
    await keep(store, "gp", ["merge", "1", "2"], ["fault"], ["fault"])
    [again] = await settled(store)
    assert (again.act, again.person) == (Act.MERGE, kept)


async def test_an_unmerge_of_a_patient_nobody_described_makes_them_a_person(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", ONE, 1], ["2", "", "", 1], ["merge", "1", "2"])
    await settled(store)
    await keep(store, "gp", ["unmerge", "1", "2"])
    [event] = await settled(store)
    assert event.was == await person(store, "gp", "1") != event.person
    assert [m.number for m in await store.members(event.person)] == ["2"]


async def test_an_unmerge_of_what_rules_joined_is_asked_of_people(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", ONE, 1], ["2", "Example", ONE, 1])
    await settled(store)
    await keep(store, "gp", ["unmerge", "1", "2"])
    assert await settled(store) == []
    shared = await person(store, "gp", "1")
    [review] = await store.reviews()
    assert (review.patient, review.person) == (patient("gp", "2"), shared)
    assert review.patient_person == shared


async def test_an_unmerge_of_an_unknown_patient_is_parked(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", ONE, 1], ["unmerge", "1", "2"])
    [filed] = await store.file_waiting(prepare)
    assert filed.parked == 1


async def test_what_the_events_say_is_how_it_is(store: Store) -> None:
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["1", "Example", ONE, 1])
    await keep(store, "hospital", ["8", "Example", ONE, 1])
    await settled(store)
    shared = await person(store, "gp", "1")
    moved = await store.unlink(patient("hospital", "8"), by="dr", why="twins")
    await store.veto(patient("gp", "1"), moved.person, by="dr", why="twins")
    acts = [event.act for event in await store.events(shared)]
    assert acts == [Act.LINK, Act.LINK, Act.UNLINK]
    assert [e.act for e in await store.events(moved.person)] == [Act.UNLINK, Act.VETO]
    numbers = [event.n for event in await store.events(shared)]
    assert numbers == sorted(set(numbers))


async def test_members_are_told_as_they_stood_at_a_moment(store: Store) -> None:
    await sources(store, "gp", "hospital")
    start = datetime.now(UTC)
    await keep(store, "gp", ["1", "Example", ONE, 1])
    await settled(store)
    shared = await person(store, "gp", "1")
    early = datetime.now(UTC)
    await keep(store, "gp", ["1", "", "", 2])
    await keep(store, "hospital", ["8", "Example", ONE, 1])
    await settled(store)
    late = datetime.now(UTC)
    await store.unlink(patient("hospital", "8"), by="dr", why="twins")

    async def then(at: datetime | None) -> list[tuple[str, int]]:
        return [(each.source, each.t) for each in await store.members(shared, at=at)]

    assert await then(start) == []
    assert await then(early) == [("gp", 1)]
    assert await then(late) == [("gp", 2), ("hospital", 1)]
    assert await then(None) == [("gp", 2)]


async def test_people_are_found_by_blocking_keys_of_now(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", ONE, 1])
    await keep(store, "gp", ["2", "", "", 1])
    await settled(store)
    by_number = search_keys(nhs_number=NhsNumber.parse(ONE))
    [(found, member)] = await store.find(by_number)
    assert (found, member.number) == (await person(store, "gp", "1"), "1")
    await keep(store, "gp", ["1", "Renamed", TWO, 1])
    await store.file_waiting(prepare)
    assert [m.number for _, m in await store.find(keys(who("Renamed", TWO)))] == ["1"]
    assert await store.find(by_number) == []
    assert await store.find([]) == []


async def test_nobody_is_not_found(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", ONE, 1])
    await settled(store)
    mine = patient("gp", "1")
    for odd in (NOBODY, PersonId("no such id"), PersonId("F" * 32), PersonId("")):
        assert await store.members(odd) == []
        assert await store.members(odd, at=datetime.now(UTC)) == []
        assert await store.events(odd) == []
        with pytest.raises(NotFound):
            await store.join(mine, odd, by="dr", why="")
        with pytest.raises(NotFound):
            await store.veto(mine, odd, by="dr", why="")
    for call in (store.join, store.veto):
        with pytest.raises(NotFound):
            await call(PatientId(5), NOBODY, by="dr", why="")
    with pytest.raises(NotFound):
        await store.unlink(PatientId(5), by="dr", why="")
    assert await store.person_of(PatientId(5)) is None


async def test_linkers_at_once_make_one_person_of_one(store: Store) -> None:
    names = [f"s{n}" for n in range(6)]
    await sources(store, *names)
    for name in names:
        for n, number in enumerate(NUMBERS):
            await keep(store, name, [str(n), f"Example{n}", number, 1])
    while await store.file_waiting(prepare):
        pass

    async def link() -> int:
        done = 0
        while events := await store.link_waiting(decide, limit=3):
            done += len(events)
        return done

    done = await asyncio.gather(*(link() for _ in range(4)))
    assert sum(done) == len(names) * len(NUMBERS)
    assert len(await store.people()) == len(NUMBERS)


async def test_a_rule_that_joins_nobody_makes_each_patient_a_person(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", *([str(n), "Example", ONE, 1] for n in range(5)))
    await store.file_waiting(prepare)
    assert len(await store.link_waiting(never)) == 5
    assert len(await store.people()) == 5


async def test_whoever_shares_no_key_can_still_speak_against_a_link(store: Store) -> None:
    await sources(store, "gp", "hospital", "clinic")
    await keep(store, "gp", ["1", "Example", ONE, 1])
    await keep(store, "hospital", ["8", "Other", TWO, 1])
    first, second = await settled(store)
    await store.join(second.patient, first.person, by="dr", why="one person")
    heard: list[set[PatientId]] = []

    def listening(said: Demographics, candidates: Sequence[Candidate]) -> Decision:
        heard.append({each.patient for each in candidates})
        return decide(said, candidates)

    await keep(store, "clinic", ["5", "Example", ONE, 1])
    await store.file_waiting(prepare)
    await store.link_waiting(listening)
    assert heard == [{patient("gp", "1"), patient("hospital", "8")}]


async def test_a_key_that_a_crowd_shares_tells_nobody_apart(store: Store) -> None:
    await sources(store, "gp")
    compared: list[int] = []

    def counting(_: Demographics, candidates: Sequence[Candidate]) -> Decision:
        compared.append(len(candidates))
        return never(_, candidates)

    words = ["".join(pair) for pair in product("bdfgklmnprst", "aeiou")]
    families = [one + other for one, other in product(words, words)][: CROWD + 20]
    await keep(store, "gp", *([str(n), family, "", 1] for n, family in enumerate(families)))
    while await store.file_waiting(prepare):
        pass
    while await store.link_waiting(counting, limit=1):
        pass
    assert compared[1] == 1  # the same forename and date of birth
    assert max(compared) <= CROWD
    assert compared[-1] < 20
