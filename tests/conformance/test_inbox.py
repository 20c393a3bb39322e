"""What every store does with messages."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.conformance.given import keep, message, patient, prepare, settled, sources
from wholerecord.access import Store
from wholerecord.errors import NotFound
from wholerecord.intake import Arrival, Filing, Kept
from wholerecord.record import MessageId, PatientKey, Source


async def test_a_message_comes_back_byte_for_byte(store: Store) -> None:
    await sources(store, "gp")
    body = b"MSH|^~\\&|\r\0\xff not text"
    receipt = await store.keep(Arrival(source="gp", body=body, name="a\0b \ud800"))
    assert await store.message(receipt.message) == body


async def test_an_empty_message_and_a_large_one_are_kept(store: Store) -> None:
    await sources(store, "gp")
    for body in (b"", b"x" * 3_000_000):
        receipt = await store.keep(Arrival(source="gp", body=body))
        assert await store.message(receipt.message) == body


@pytest.mark.parametrize("number", [-1, 0, 5, 1 << 70])
async def test_no_message_has_a_number_that_was_not_given(store: Store, number: int) -> None:
    with pytest.raises(NotFound):
        await store.message(MessageId(number))


async def test_a_source_must_be_declared(store: Store) -> None:
    with pytest.raises(NotFound, match="nobody"):
        await store.keep(Arrival(source="nobody", body=b""))


async def test_a_declaration_is_changed_by_the_next(store: Store) -> None:
    first = Source(name="gp", controller="A1", title="GP", expected=timedelta(hours=3))
    later = Source(name="gp", controller="A2", title="GP 2", setting="gp", columns=b"{}")
    await store.declare(first)
    assert await store.sources() == [first]
    await store.declare(later)
    assert await store.sources() == [later]


async def test_the_same_bytes_are_kept_once(store: Store) -> None:
    await sources(store, "gp", "hospital")
    first = await keep(store, "gp")
    again = await keep(store, "gp")
    other = await keep(store, "hospital")
    assert first.fresh
    assert (again.message, again.fresh) == (first.message, False)
    assert other.fresh
    assert other.message != first.message


async def test_the_same_bytes_at_the_same_moment_are_kept_once(store: Store) -> None:
    await sources(store, "gp")
    receipts = await asyncio.gather(*(keep(store, "gp", ["fault"]) for _ in range(50)))
    assert len({each.message for each in receipts}) == 1
    assert sum(each.fresh for each in receipts) == 1


async def test_many_messages_kept_together_keep_their_own_bodies(store: Store) -> None:
    await sources(store, "gp", "hospital")
    bodies = [b"%d" % n for n in range(600)]
    receipts = await asyncio.gather(
        *(
            store.keep(Arrival(source=("gp", "hospital")[n % 2], body=b))
            for n, b in enumerate(bodies)
        )
    )
    assert [await store.message(each.message) for each in receipts] == bodies


async def test_filing_takes_messages_oldest_first_and_each_once(store: Store) -> None:
    await sources(store, "gp")
    kept = [(await keep(store, "gp", ["1", "", "", n])).message for n in range(1, 6)]
    filed = [*await store.file_waiting(prepare, limit=2)]
    assert [each.message for each in filed] == kept[:2]
    filed += await store.file_waiting(prepare)
    assert [each.statements for each in filed] == [1, 2, 3, 4, 5]
    assert await store.file_waiting(prepare) == []


async def test_reading_gets_the_message_as_it_was_kept(store: Store) -> None:
    await store.declare(Source(name="gp", controller="A1", title="GP", columns=b"{}"))
    receipt = await store.keep(Arrival(source="gp", body=message(), name="x.ndjson lines 1-4"))
    read: list[Kept] = []

    async def look(kept: Sequence[Kept]) -> Sequence[Filing]:
        read.extend(kept)
        return await prepare(kept)

    await store.file_waiting(look)
    [kept] = read
    assert (kept.message, kept.source, kept.name) == (receipt.message, "gp", "x.ndjson lines 1-4")
    assert (kept.body, kept.columns) == (message(), b"{}")


async def test_a_message_whose_reading_fails_stays_waiting(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", "", 2])

    async def fail(_: Sequence[Kept]) -> Sequence[Filing]:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await store.file_waiting(fail)
    counts = await store.received()
    assert (counts.waiting, counts.statements, counts.patients) == (1, 0, 0)
    assert len(await store.file_waiting(prepare)) == 1


async def test_two_filers_take_different_messages(store: Store) -> None:
    await sources(store, "gp")
    for n in range(40):
        await keep(store, "gp", [str(n % 3), "Example", "", 1 + n % 2], ["other", "", "", n])
    both = await asyncio.gather(*(store.file_waiting(prepare, limit=20) for _ in range(2)))
    taken = [each.message for filed in both for each in filed]
    assert len(taken) == len(set(taken)) == 40
    counts = await store.received()
    assert counts.said == counts.statements == sum(e.statements for filed in both for e in filed)


async def test_each_filing_moves_its_patient_on_by_one(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", "", 2], ["2", "", "", 1])
    await keep(store, "gp", ["1", "", "", 1])
    await keep(store, "gp", ["1", "Renamed", "", 0])
    await settled(store)
    seen = {patient("gp", "1"): 9, patient("gp", "2"): 9, PatientKey("gp", "nobody").id: 9}
    said = [(each.patient, each.t, each.n) for each in await store.statements(seen)]
    one, two = patient("gp", "1"), patient("gp", "2")
    assert said == sorted([(one, 1, 0), (one, 1, 1), (one, 2, 0), (two, 1, 0)])


async def test_statements_stop_at_the_t_asked_for_and_never_change(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "", "", 3])
    await settled(store)
    before = await store.statements({patient("gp", "1"): 1})
    await keep(store, "gp", ["1", "", "", 2])
    await settled(store)
    assert list(await store.statements({patient("gp", "1"): 1})) == list(before)
    assert await store.statements({patient("gp", "1"): 0}) == []
    assert await store.statements({}) == []


async def test_a_statement_says_where_it_comes_from(store: Store) -> None:
    await sources(store, "gp")
    receipt = await keep(store, "gp", ["1", "Example", "", 2])
    await settled(store)
    [_, said] = await store.statements({patient("gp", "1"): 1})
    assert (said.source, said.message, said.place) == ("gp", receipt.message, "line 1 1")
    assert (said.kind, said.t, said.n) == ("Observation", 1, 1)
    wanted = f'{{"id":"1","resourceType":"Observation","said":{receipt.message}}}'
    assert said.body == wanted.encode()
    [feed] = await store.feeds()
    assert said.received == feed.last_received


async def test_readers_at_the_same_moment_get_their_own_patients(store: Store) -> None:
    await sources(store, "gp")
    for n in range(20):
        await keep(store, "gp", [str(n), "", "", n], ["all", "", "", 1])
    await settled(store)
    asked = [{patient("gp", str(n)): 1, patient("gp", "all"): n} for n in range(20)]
    answers = await asyncio.gather(*(store.statements(seen) for seen in asked))
    for n, (seen, said) in enumerate(zip(asked, answers, strict=True)):
        assert len(said) == 2 * n
        assert {each.patient for each in said} <= seen.keys()


async def test_a_fault_is_parked_and_the_rest_is_filed(store: Store) -> None:
    await sources(store, "gp")
    receipt = await keep(store, "gp", ["1", "", "", 1], ["fault"])
    [filed] = await store.file_waiting(prepare)
    assert (filed.statements, filed.parked) == (1, 1)
    [item] = await store.parked()
    assert (item.message, item.source, item.owner) == (receipt.message, "gp", "RXGP")
    assert (item.place, item.reason) == ("line 2", "BAD_VALUE")
    assert item.says.endswith(": PID-7")


async def test_a_released_item_is_kept_with_who_and_why(store: Store) -> None:
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["fault"], ["fault"])
    await keep(store, "hospital", ["fault"])
    await store.file_waiting(prepare)
    first, second = await store.parked(source="gp")
    await store.release(first.n, by="dr", why="put right\0")
    await store.release(first.n, by="another", why="again")
    assert [each.n for each in await store.parked(source="gp")] == [second.n]
    assert len(await store.parked()) == 2
    [closed] = [each for each in await store.parked(open_only=False) if each.released]
    assert (closed.n, closed.released_by, closed.released_why) == (first.n, "dr", "put right\ufffd")
    with pytest.raises(NotFound):
        await store.release(999, by="dr", why="")


async def test_a_merge_of_an_unknown_patient_is_parked(store: Store) -> None:
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["1", "Example", "", 1], ["merge", "1", "2"])
    await keep(store, "gp", ["2", "Example", "", 1])
    await keep(store, "hospital", ["1", "Example", "", 1])
    await keep(store, "gp", ["merge", "1", "2"])
    filed = await store.file_waiting(prepare)
    assert [each.parked for each in filed] == [1, 0, 0, 0]
    [item] = await store.parked()
    assert (item.reason, item.place) == ("NO_SUCH_PATIENT", "line 2")


async def test_two_patients_with_one_key_are_parked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientKey, "id", property(lambda _: 7))
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["1", "Example", "", 1])
    await keep(store, "gp", ["2", "Other", "", 2])
    filed = [*await store.file_waiting(prepare)]
    await keep(store, "hospital", ["1", "Another", "", 3])
    filed += await store.file_waiting(prepare)
    assert [(each.statements, each.parked) for each in filed] == [(1, 0), (0, 1), (0, 1)]
    assert [each.reason for each in await store.parked()] == ["SHARED_KEY"] * 2
    assert (await store.received()).statements == 1


async def test_feeds_say_what_each_source_has_sent(store: Store) -> None:
    await sources(store, "gp", "hospital", "silent")
    await keep(store, "gp", ["fault"])
    await keep(store, "gp", ["fault"])
    await keep(store, "gp", ["1", "", "", 1])
    await store.file_waiting(prepare)
    await keep(store, "hospital")
    gp, hospital, silent = await store.feeds()
    assert (gp.source.name, gp.messages, gp.waiting, gp.parked) == ("gp", 2, 0, 1)
    assert (hospital.messages, hospital.waiting, hospital.parked) == (1, 1, 0)
    assert (silent.messages, silent.last_received) == (0, None)


async def test_everything_received_is_counted(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", "", 2], ["", "", "", 3], ["3", "", "", 4])
    await keep(store, "gp", ["fault"], ["fault"])
    await settled(store)
    await keep(store, "gp", ["waits"])
    [first, _] = await store.parked()
    await store.release(first.n, by="dr", why="done")
    counts = await store.received()
    assert (counts.messages, counts.waiting, counts.faulty) == (3, 1, 1)
    assert (counts.parked, counts.open) == (2, 1)
    assert (counts.said, counts.statements) == (9, 9)
    assert (counts.directory, counts.unlinked) == (3, 4)
    assert (counts.patients, counts.people) == (2, 1)


async def test_a_feed_knows_the_newest_thing_its_source_has_said(store: Store) -> None:
    await sources(store, "gp")
    made = [datetime(2026, 3, day, tzinfo=UTC) for day in (2, 1)]

    async def said(kept: Sequence[Kept]) -> Sequence[Filing]:
        return [
            replace(filing, newest=newest)
            for filing, newest in zip(await prepare(kept), [made.pop(0)], strict=True)
        ]

    assert (await store.feeds())[0].newest is None
    for number in ("1", "2"):
        await keep(store, "gp", [number, "Example", "", 1])
        await store.file_waiting(said)
    assert (await store.feeds())[0].newest == datetime(2026, 3, 2, tzinfo=UTC)
