"""The newest version of each of many resources is that one's, whoever else asks for what."""

import asyncio

from tests.conformance.fhir_server import Client, doorway, observation, patient
from wholerecord.record import LogicalId, PatientId


async def test_each_is_answered_with_its_own_however_many_are_asked_for_together(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    ids: list[LogicalId] = []
    for n in range(30):
        said = observation(f"Patient/{made['id']}", note=[{"text": f"note {n}"}])
        one = (await ask("POST", "Observation", said)).json()
        ids.append(LogicalId.parse(one["id"]) or LogicalId(PatientId(0), 0))
    nobody = [("Observation", LogicalId(PatientId(n), n)) for n in range(1, 4)]
    asked = [*nobody, *(("Observation", one) for one in reversed(ids)), *nobody] * 20
    found = await store.newest(asked)
    assert [one.id if one else None for one in found] == [
        one if one in ids else None for _, one in asked
    ]
    notes = {one: f'"note {n}"'.encode() for n, one in enumerate(ids)}
    for one in filter(None, found):
        assert notes[one.id] in one.statement.body
    reads = await asyncio.gather(*(store.newest([*nobody, ("Observation", one)]) for one in ids))
    for one, read in zip(ids, reads, strict=True):
        assert read[:3] == [None] * 3
        assert notes[one] in read[3].statement.body
