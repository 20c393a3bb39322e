"""What is remembered of the newest versions is what there is, as of any `t`."""

from collections.abc import Sequence

from tests.conformance.fhir_server import Client, doorway, observation, patient
from wholerecord.access.newest import Newest
from wholerecord.record import LogicalId, PatientId, Version
from wholerecord.storage import memory


class Counting(memory.Store):
    """Counts how often the newest are read."""

    reads = 0

    async def current(self, patients: Sequence[PatientId]) -> Sequence[Version]:
        self.reads += 1
        return await super().current(patients)


async def world():
    store = Counting()
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    one = (await ask("POST", "Observation", observation(f"Patient/{made['id']}"))).json()
    logical = LogicalId.parse(one["id"])
    return store, ask, made, one, logical.patient


def values(versions: Sequence[Version]) -> set[bytes]:
    return {one.statement.body.partition(b'"value":')[2][:3] for one in versions if one.number}


async def test_it_is_read_once_while_nothing_more_is_said():
    store, _, _, _, who = await world()
    newest, before = Newest(store), store.reads
    first = await newest.of({who: 2})
    assert await newest.of({who: 2}) == first
    assert len(first) == 2
    assert store.reads == before + 1
    assert await Newest(store).of({who: 2}, once=True) == first


async def test_what_is_said_since_is_another_answer_and_the_earlier_stays():
    store, ask, made, one, who = await world()
    newest = Newest(store)
    await newest.of({who: 2})
    body = observation(f"Patient/{made['id']}", "5.1", id=one["id"])
    await ask("PUT", f"Observation/{one['id']}", body)
    assert b"5.1" in values(await newest.of({who: 3}))
    for asked in (newest, Newest(store)):  # remembered, and walked back to
        assert b"4.5" in values(await asked.of({who: 2}))
        assert b"5.1" not in values(await asked.of({who: 2}))
    assert await newest.of({who: 0}) == []
    assert await newest.of({PatientId(1): 1}) == []
