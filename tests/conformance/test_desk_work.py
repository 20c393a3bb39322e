"""Parked items as work, patients who are nobody yet, and messages found by any of their names."""

import hashlib

import pytest

from tests.conformance.given import keep, message, patient, prepare, settled, sources
from wholerecord.access import Actor, Doorway, Store
from wholerecord.access.tracing import trace
from wholerecord.consent import Purpose, Role, standing_rules
from wholerecord.errors import NotFound
from wholerecord.intake import Arrival
from wholerecord.intake.parked import Step


async def test_what_is_done_about_an_item_is_kept_with_who_and_why(store: Store):
    await sources(store, "gp")
    await keep(store, "gp", ["7", "Marsh", "9990000018", 1], ["fault"])
    await settled(store)
    await store.assign(1, "ann", by="eve", why="her list")
    await store.note(1, by="ann", why="asked the practice")
    await store.release(1, by="ann", why="sent again")
    await store.release(1, by="bob", why="too late")
    item = await store.parked_item(1)
    assert (item.assigned, item.released_by, item.released_why) == ("ann", "ann", "sent again")
    assert [(step.step, step.by, step.given_to, step.why) for step in await store.steps(1)] == [
        (Step.ASSIGN, "eve", "ann", "her list"),
        (Step.NOTE, "ann", "", "asked the practice"),
        (Step.RELEASE, "ann", "", "sent again"),
    ]
    assert await store.parked_of([item.message]) == [item]


async def test_there_is_no_such_item(store: Store):
    for work in (
        store.parked_item(5),
        store.assign(5, "a", by="b", why="c"),
        store.note(5, by="b", why="c"),
    ):
        with pytest.raises(NotFound, match="parked item 5"):
            await work
    assert await store.steps(5) == []


async def test_a_patient_who_is_nobody_yet_waits_with_an_owner(store: Store):
    await sources(store, "gp", "acute")
    receipt = await keep(store, "gp", ["7", "Marsh", "9990000018", 1], ["8", "", "", 2])
    await store.file_waiting(prepare)
    waiting = await store.unlinked()
    assert {one.patient for one in waiting} == {patient("gp", "7"), patient("gp", "8")}
    assert {(one.source, one.owner, one.message) for one in waiting} == {
        ("gp", "RXGP", receipt.message)
    }
    await settled(store)
    [nobody] = await store.unlinked()
    assert nobody.patient == patient("gp", "8")


async def test_a_message_is_found_by_number_hash_and_control_id(store: Store):
    await sources(store, "gp")
    raw = b"MSH|^~\\&|A|B|C|D|2026||ADT^A01|FILE-1|P|2.4\rPID|1"
    named = message(["7", "Marsh", "9990000018", 1])
    one = await store.keep(Arrival(source="gp", body=raw, name="a.hl7"))
    two = await store.keep(
        Arrival(source="gp", body=named, name="mllp", control="WIRE-2", sender="A|B")
    )
    bundle = await store.keep(
        Arrival(source="gp", body=b'{"resourceType": "Bundle", "id": "b-3"}', name="post")
    )
    assert await store.find_messages("FILE-1") == [one.message]
    assert await store.find_messages(" WIRE-2 ") == [two.message]
    assert await store.find_messages("b-3") == [bundle.message]
    assert await store.find_messages(str(two.message)) == [two.message]
    assert await store.find_messages(hashlib.sha256(named).hexdigest()) == [two.message]
    for nothing in ("", "FILE-9", "9" * 30, "a" * 64):
        assert await store.find_messages(nothing) == []
    with pytest.raises(NotFound):
        await store.traced(99)


async def test_a_trace_says_what_a_message_became_and_who_was_shown_it(store: Store):
    await sources(store, "gp")
    for rule in standing_rules():
        await store.add_rule(rule)
    receipt = await keep(store, "gp", ["7", "Marsh", "9990000018", 3], ["fault"])
    await settled(store)
    [before] = await trace(store, str(receipt.message))
    assert (before.statements, before.showings, before.message.waiting) == (3, 0, False)
    [became] = before.became
    assert became.kinds == {"Condition": 1, "Observation": 1, "Patient": 1}
    assert sum(became.unfolded.values()) == 2
    assert [item.place for item in before.parked] == ["line 2"]
    actor = Actor(id="dr", name="Dr", role=Role.DOCTOR, organisation="RXGP")
    door = Doorway(store).door(actor)
    person = became.person
    assert person
    await door.open(person, purpose=Purpose.DIRECT_CARE)
    await keep(store, "gp", ["7", "Marsh", "9990000018", 4])
    await settled(store)
    await door.open(person, purpose=Purpose.DIRECT_CARE)
    [first] = await trace(store, str(receipt.message))
    assert first.showings == 2
    assert first.became[0].unfolded["Replaced by a later version."] == 1
    [second] = await trace(store, str(receipt.message + 1))
    assert second.showings == 1
    with pytest.raises(NotFound, match="No message"):
        await trace(store, "nothing")


async def test_what_may_be_about_somebody_is_found_without_reading_all_that_is_parked(
    store: Store,
):
    await sources(store, "gp", "lab")
    for n in range(4):
        await keep(store, "gp", ["fault"], ["fault", str(n)])
    await keep(store, "lab", ["fault"], ["fault", "1"])
    await settled(store)
    await store.release(1, by="ann", why="sent again")
    nobody = await store.parked_of_nobody(each=2)
    assert [(item.source, item.patient) for item in nobody] == [
        ("gp", None),
        ("gp", None),
        ("lab", None),
    ]
    assert 1 not in {item.n for item in nobody}
    asked = [patient("gp", "1"), patient("lab", "1"), patient("gp", "9")]
    about = await store.parked_about(asked)
    assert {(item.source, item.patient) for item in about} == {
        ("gp", patient("gp", "1")),
        ("lab", patient("lab", "1")),
    }
    assert [item.n for item in about] == sorted(item.n for item in about)
    known = {patient("gp", str(n)) for n in range(4)} | {patient("lab", "1")}
    assert set(await store.parked_patients(limit=99)) == known
    assert len(await store.parked_patients(limit=2)) == 2
    says = "BAD_VALUE"
    assert [(c.source, c.reason, c.items) for c in await store.parked_counts()] == [
        ("gp", says, 7),
        ("lab", says, 2),
    ]
    assert [c.items for c in await store.parked_counts(open_only=False)] == [8, 2]
    assert len(await store.parked(limit=3)) == 3
