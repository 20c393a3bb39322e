"""Dictionaries trained from a store, and stores written before there were any."""

import json

import pytest

from tests.conformance.given import keep, patient, settled, sources
from wholerecord.storage import open_store
from wholerecord.storage.postgres import bodies
from wholerecord.storage.postgres.dictionary import train

pytestmark = pytest.mark.postgres


async def test_statements_of_several_programs_are_read_by_all(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {patient("gp", "1"): 9}
    monkeypatch.setattr("wholerecord.storage.postgres.database.shipped", dict)
    async with open_store(database_url) as older:
        monkeypatch.undo()  # the newer program has dictionaries
        await sources(older, "gp")
        await keep(older, "gp", ["1", "", "", 3])
        await settled(older)
        async with open_store(database_url) as newer:
            await keep(newer, "gp", ["1", "", "", 2])
            await settled(newer)
            said = await newer.statements(seen)
        assert await older.statements(seen) == said
    assert [json.loads(each.body)["resourceType"] for each in said][3:] == [
        "Patient",
        "Observation",
    ]


async def test_a_dictionary_is_trained_for_each_group_with_enough_to_learn_from(
    database_url: str,
) -> None:
    async with open_store(database_url) as store:
        await sources(store, "gp")
        for n in range(40):
            await keep(store, "gp", [str(n), "", "", 12])
        await settled(store)
        trained = await train(store)
    assert set(trained) == {"observation", "other", "written"}
    learnt = bodies.Bodies()
    learnt.learn(99, trained["observation"], write="observation")
    assert learnt.unpack(*learnt.pack("Observation", b"{}")) == b"{}"
