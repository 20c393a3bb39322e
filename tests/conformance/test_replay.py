"""Kept messages read again: the clinical diff, publishing and undoing, the same for every store."""

import json
from collections.abc import Sequence

import pytest

from tests.conformance.given import keep, person, prepare, settled, sources
from wholerecord.access import Store
from wholerecord.access.reckon import reckon
from wholerecord.access.replaying import preview, publish, undo
from wholerecord.errors import Conflict, Incorrect, NotFound
from wholerecord.fold import Record, fold
from wholerecord.fold.compare import Act, digest
from wholerecord.intake import Filing, Kept, PatientFiling, PatientReading, Prepare, Reading, filing
from wholerecord.intake.replay import Choice
from wholerecord.record import PatientKey, Saying

OURS = Choice(source="gp")
STROKE = {
    "resourceType": "Condition",
    "id": "c1",
    "code": {"text": "Stroke"},
    "verificationStatus": {"coding": [{"code": "confirmed"}]},
}

MARSH = {
    "resourceType": "Patient",
    "id": "7",
    "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}],
    "name": [{"family": "Marsh"}],
}


def mended(words: str = "Stroke", *, only: str = "7") -> Prepare:
    """A reader that also reads a condition of patient `only`, and no fault."""

    async def read(kept: Sequence[Kept]) -> Sequence[Filing]:
        return [_mended(filing, words, only) for filing in await prepare(kept)]

    return read


def _mended(filing: Filing, words: str, only: str) -> Filing:
    said = Saying(
        kind="Condition",
        body=json.dumps(STROKE | {"code": {"text": words}}).encode(),
        place="line 9",
    )
    patients = [
        PatientFiling(about=one.about, sayings=(*one.sayings, said), demographics=one.demographics)
        if one.about.number == only
        else one
        for one in filing.patients
    ]
    return Filing(
        message=filing.message,
        source=filing.source,
        patients=tuple(patients),
        merges=filing.merges,
        faults=(),
    )


async def record_of(store: Store, number: str) -> Record:
    who = await person(store, "gp", number)
    members = await store.members(who)
    return fold(await store.statements({member.patient: member.t for member in members}))


async def test_the_same_reading_again_changes_nothing(store: Store):
    await sources(store, "gp")
    await keep(store, "gp", ["7", "Marsh", "9990000018", 2], ["fault"])
    await settled(store)
    found = await preview(store, prepare, OURS)
    assert (found.read, found.changes, found.people) == (1, (), ())
    with pytest.raises(Incorrect, match="Nothing would change"):
        await publish(store, found, by="eve", why="to see")


async def test_what_would_change_is_shown_and_nothing_is_written(store: Store):
    await sources(store, "gp")
    receipt = await keep(store, "gp", ["7", "Marsh", "9990000018", 2], ["fault"])
    await settled(store)
    before = digest(await record_of(store, "7"))
    found = await preview(store, mended(), OURS)
    [change] = found.changes
    assert change.message == receipt.message
    assert found.statements == (1, 0)
    assert [item.n for item in await store.parked()] == list(change.closed)
    [who] = found.people
    assert who.person == await person(store, "gp", "7")
    [different] = who.differences
    assert (different.act, different.now.split(" (")[0]) == (Act.ADDED, "Stroke")
    assert digest(await record_of(store, "7")) == before
    assert (await preview(store, mended(), OURS)).digest == found.digest
    assert (await preview(store, mended("TIA"), OURS)).digest != found.digest


async def test_an_undone_replay_leaves_the_record_exactly_as_it_was(store: Store):
    await sources(store, "gp")
    await keep(store, "gp", ["7", "Marsh", "9990000018", 3], ["8", "Hill", "", 3], ["fault"])
    await keep(store, "gp", ["7", "", "", 2])
    await settled(store)
    before = {number: digest(await record_of(store, number)) for number in "78"}
    [open_before] = await store.parked()
    seen = await preview(store, mended(), OURS)
    done = await publish(store, seen, by="eve", why="the map is mended")
    assert (done.messages, done.left) == (2, ())
    assert digest(await record_of(store, "7")) != before["7"]
    assert digest(await record_of(store, "8")) == before["8"]
    assert not await store.parked()
    assert (await preview(store, mended(), OURS)).changes == ()
    assert await undo(store, done.replay, by="ann", why="it was the wrong map") == 2
    await settled(store)
    assert {number: digest(await record_of(store, number)) for number in "78"} == before
    assert await store.parked() == [open_before]
    [replay] = await store.replays()
    assert (replay.by, replay.why, replay.messages) == ("eve", "the map is mended", 2)
    assert (replay.undone_by, replay.undone_why) == ("ann", "it was the wrong map")
    with pytest.raises(Conflict, match="undone already"):
        await undo(store, done.replay, by="ann", why="again")


async def test_a_statement_is_never_deleted_and_the_past_stays_as_it_was(store: Store):
    await sources(store, "gp")
    await keep(store, "gp", ["7", "Marsh", "9990000018", 2])
    await settled(store)
    who = PatientKey("gp", "7").id
    first = await store.statements({who: 1})
    done = await publish(
        store, await preview(store, mended(), OURS), by="eve", why="the map is mended"
    )
    await undo(store, done.replay, by="eve", why="no")
    assert await store.statements({who: 1}) == first
    at_two = await store.statements({who: 2})
    assert [one.replaced for one in at_two] == [True, True, False, False, False]
    assert [one.replaced for one in await store.statements({who: 3})] == [False] * 2 + [True] * 3
    members = await store.members(await person(store, "gp", "7"))
    assert [member.t for member in members] == [3]


async def test_a_replay_over_a_replay_is_undone_first(store: Store):
    await sources(store, "gp")
    await keep(store, "gp", ["7", "Marsh", "9990000018", 2])
    await settled(store)
    start = digest(await record_of(store, "7"))
    first = await publish(store, await preview(store, mended(), OURS), by="a", why="one")
    between = digest(await record_of(store, "7"))
    second = await publish(store, await preview(store, mended("TIA"), OURS), by="a", why="two")
    with pytest.raises(Conflict, match=f"undo replay {second.replay} first"):
        await undo(store, first.replay, by="a", why="no")
    await undo(store, second.replay, by="a", why="no")
    assert digest(await record_of(store, "7")) == between
    await undo(store, first.replay, by="a", why="no")
    assert digest(await record_of(store, "7")) == start


async def test_what_was_published_meanwhile_is_left_and_named(store: Store):
    await sources(store, "gp")
    receipt = await keep(store, "gp", ["7", "Marsh", "9990000018", 2])
    await settled(store)
    stale = await preview(store, mended(), OURS)
    await publish(store, await preview(store, mended("TIA"), OURS), by="a", why="first")
    done = await publish(store, stale, by="b", why="second")
    assert (done.messages, done.left) == (0, (receipt.message,))


async def test_a_patient_first_named_by_a_replay_is_linked_like_any_other(store: Store):
    await sources(store, "gp", "acute")
    await keep(store, "acute", ["1", "Marsh", "9990000018", 1])
    await keep(store, "gp", ["fault"])
    await settled(store)

    async def reads_it(kept: Sequence[Kept]) -> Sequence[Filing]:
        said = Saying(kind="Patient", body=json.dumps(MARSH).encode(), place="line 1")
        about = PatientReading(about=PatientKey("gp", "7"), sayings=(said,))
        return [filing(one, Reading(patients=(about,))) for one in kept]

    seen = await preview(store, reads_it, OURS)
    [who] = seen.people
    assert who.person is None
    await publish(store, seen, by="eve", why="a reader was written")
    await settled(store)
    assert await person(store, "gp", "7") == await person(store, "acute", "1")
    assert not await store.unlinked()


async def test_the_ledger_holds_before_and_after_a_replay(store: Store):
    await sources(store, "gp")
    await keep(store, "gp", ["7", "Marsh", "9990000018", 3], ["fault"])
    await keep(store, "gp", ["7", "Marsh", "9990000018", 3], ["fault"])
    await keep(store, "gp", ["8", "Hill", "", 1])
    await settled(store)
    assert (await reckon(store)).wrong == []
    done = await publish(store, await preview(store, mended(), OURS), by="a", why="mended")
    await settled(store)
    assert (await reckon(store)).wrong == []
    await undo(store, done.replay, by="a", why="no")
    await settled(store)
    found = await reckon(store)
    assert found.wrong == []
    [day] = found.days
    assert (day.received, day.kept, day.again, day.filed, day.faulty) == (3, 2, 1, 1, 1)


async def test_there_is_no_replay_of_that_number(store: Store):
    with pytest.raises(NotFound):
        await undo(store, 9, by="a", why="no")
