"""`_history` of a resource, of a type and of all, on every store."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from tests.conformance.fhir_server import Client, doorway, observation, patient, someone
from tests.e2e.deliveries import bundle, condition
from tests.e2e.deliveries import patient as feeds_patient
from wholerecord.consent import Role
from wholerecord.intake import Arrival
from wholerecord.record import LogicalId, PatientKey
from wholerecord.storage import open_store
from wholerecord.worker import prepare_here, settle


async def with_versions(store):
    """A patient, and an observation with three versions of which the last deletes it."""
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    one = (await ask("POST", "Observation", observation(f"Patient/{made['id']}"))).json()
    body = observation(f"Patient/{made['id']}", "5.10", id=one["id"])
    await ask("PUT", f"Observation/{one['id']}", body)
    await ask("DELETE", f"Observation/{one['id']}")
    return ask, made, one


def told(bundle_):
    return [
        (entry["request"]["method"], entry["response"]["etag"])
        for entry in bundle_.get("entry", ())
    ]


async def every_page(ask, path):
    found = []
    for _ in range(20):
        answer = await ask("GET", path)
        assert answer.status_code == 200, answer.text
        said = answer.json()
        found += said.get("entry", [])
        following = [one["url"] for one in said["link"] if one["relation"] == "next"]
        if not following:
            return found
        path = following[0]
    raise AssertionError("pages have no end")


async def test_of_a_resource_every_version_in_pages_that_stay(store):
    ask, made, one = await with_versions(store)
    path = f"Observation/{one['id']}/_history"
    whole = (await ask("GET", path)).json()
    assert told(whole) == [("DELETE", 'W/"3"'), ("PUT", 'W/"2"'), ("POST", 'W/"1"')]
    assert whole["total"] == 3
    assert whole["entry"][0]["fullUrl"] == f"http://here.example/fhir/Observation/{one['id']}"
    first = (await ask("GET", f"{path}?_count=1")).json()
    assert told(first) == [("DELETE", 'W/"3"')]
    body = observation(f"Patient/{made['id']}", "6", id=one["id"])
    assert (await ask("PUT", f"Observation/{one['id']}", body)).status_code in {200, 201}
    [following] = [link["url"] for link in first["link"] if link["relation"] == "next"]
    second = (await ask("GET", following)).json()
    assert told(second) == [("PUT", 'W/"2"')]


async def test_of_a_type_and_of_all_newest_first_each_version_once(store):
    ask, made, one = await with_versions(store)
    of_type = await every_page(ask, "Observation/_history?_count=2")
    assert [entry["response"]["etag"] for entry in of_type] == ['W/"3"', 'W/"2"', 'W/"1"']
    assert {entry["fullUrl"].rpartition("/")[2] for entry in of_type} == {one["id"]}
    of_all = await every_page(ask, "_history?_count=1")
    assert len(of_all) == 4
    assert of_all[-1]["resource"]["id"] == made["id"]
    stamps = [entry["response"]["lastModified"] for entry in of_all]
    assert stamps == sorted(stamps, reverse=True)
    assert "total" not in (await ask("GET", "_history")).json()


async def test_what_is_filed_meanwhile_neither_repeats_nor_hides_anything(store):
    ask, made, _ = await with_versions(store)
    first = (await ask("GET", "_history?_count=2")).json()
    await ask("POST", "Observation", observation(f"Patient/{made['id']}", "9"))
    [following] = [link["url"] for link in first["link"] if link["relation"] == "next"]
    rest = await every_page(ask, following)
    assert [entry["response"]["etag"] for entry in rest] == ['W/"1"', 'W/"1"']


async def test_since_and_at_narrow_by_time(store):
    ask, made, one = await with_versions(store)
    await asyncio.sleep(0.01)
    between = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    await asyncio.sleep(0.01)
    await ask("POST", "Observation", observation(f"Patient/{made['id']}", "9"))
    for path in ("_history", "Observation/_history"):
        assert told((await ask("GET", f"{path}?_since={between}")).json()) == [("POST", 'W/"1"')]
    at = (await ask("GET", f"Observation/_history?_at={between}")).json()
    assert told(at) == [("DELETE", 'W/"3"')]
    own = f"Observation/{one['id']}/_history"
    assert told((await ask("GET", f"{own}?_at={between}")).json()) == [("DELETE", 'W/"3"')]
    assert told((await ask("GET", f"{own}?_since={between}")).json()) == []
    assert told((await ask("GET", f"{own}?_at=1999")).json()) == []
    year = f"{datetime.now(UTC):%Y}"
    assert len(told((await ask("GET", f"{own}?_at={year}")).json())) == 3


async def test_what_is_asked_wrongly_is_told(store):
    ask, _, one = await with_versions(store)
    for query in ("_since=x", "_at=x", "_count=x", "_nothing=1", "_page=x", "_count=-1"):
        for path in ("_history", "Observation/_history", f"Observation/{one['id']}/_history"):
            answer = await ask("GET", f"{path}?{query}")
            assert answer.status_code == 400, (path, query)
            assert answer.json()["resourceType"] == "OperationOutcome"
    assert (await ask("GET", "Nothing/_history")).status_code == 404
    page = (await ask("GET", "_history?_count=1")).json()["link"][1]["url"]
    other = Client(ask.way, someone(Role.NURSE))
    assert (await other("GET", page)).status_code == 400


async def test_of_people_an_organisation_does_not_know_there_is_nothing(store):
    ask, _, _ = await with_versions(store)
    stranger = Client(ask.way, someone(Role.DOCTOR, "RZZ"))
    assert await every_page(stranger, "_history") == []
    assert (await Client(ask.way, someone(Role.PLANNER))("GET", "_history")).status_code == 403
    body = bundle(feeds_patient("p1", "9990000034"), condition("c1", "p1"))
    await store.keep(Arrival(source="pas", body=body, name="test"))
    await settle(store, prepare_here)
    of_all = await every_page(ask, "Condition/_history")
    assert [one["resource"]["resourceType"] for one in of_all] == ["Condition"]
    assert await every_page(stranger, "Condition/_history") == []


async def test_each_person_shown_is_an_opening_and_nobody_else(store):
    ask, made, _ = await with_versions(store)
    await ask.made(patient("9990000026", birthDate="1990-01-01"))
    assert len(await every_page(ask, "Observation/_history")) == 3
    looks: list[list[str]] = []
    for one in (made, (await ask("GET", "Patient/_history")).json()["entry"][0]["resource"]):
        [known] = await store.newest([("Patient", LogicalId.parse(one["id"]))])
        looks.append([each.part for each in await store.openings_of(known.person, limit=100)])
    assert [("Observation/_history" in parts) for parts in looks] == [True, False]


async def test_of_a_resource_with_many_versions_each_is_there_once(store):
    way = await doorway(store)
    ask = Client(way)
    for n in range(3):  # two of them in one message, and another resource in between
        said = [
            condition("c1", "p1", code={"text": f"Gout {n}"}),
            condition("c2", "p1", code={"text": f"Asthma {n}"}),
            condition("c1", "p1", code={"text": f"Gout {n} again"}),
        ]
        body = bundle(feeds_patient("p1", "9990000018"), *said)
        await store.keep(Arrival(source="pas", body=body, name=f"{n}"))
        if n:
            await settle(store, prepare_here)  # the first two together
    own = LogicalId.of(PatientKey("pas", "p1").id, "c1").text
    entries = await every_page(ask, f"Condition/{own}/_history?_count=4")
    assert [one["resource"]["code"]["text"] for one in entries] == [
        f"Gout {n}{again}" for n in (2, 1, 0) for again in (" again", "")
    ]
    assert [one["response"]["etag"] for one in entries] == [f'W/"{n}"' for n in range(6, 0, -1)]
    first = await ask("GET", f"Condition/{own}/_history/1")
    assert first.json()["code"]["text"] == "Gout 0"


@pytest.mark.postgres
async def test_versions_replaced_before_their_places_were_noted_are_found_too(database_url):
    async with open_store(database_url) as store:
        ask, _, one = await with_versions(store)
        path = f"Observation/{one['id']}/_history"
        whole = (await ask("GET", path)).json()
        connection = await asyncpg.connect(database_url)
        assert await connection.fetchval("SELECT count(*) FROM earlier") == 2
        await connection.execute("DELETE FROM earlier WHERE t = (SELECT min(t) FROM earlier)")
        await connection.close()
        assert (await ask("GET", path)).json() == whole
        await ask("PUT", f"Observation/{one['id']}", one)
        assert (await ask("GET", path)).json()["total"] == 4


async def test_messages_filed_together_are_each_filed_at_a_moment_of_their_own(store):
    way = await doorway(store)
    for n in range(5):
        body = bundle(feeds_patient(f"p{n}", "9990000018"), condition(f"c{n}", f"p{n}"))
        await store.keep(Arrival(source="pas", body=body, name=f"{n}"))
    await settle(store, prepare_here)
    keys = [LogicalId.of(PatientKey("pas", f"p{n}").id, f"c{n}") for n in range(5)]
    filed = [one.filed for one in await store.newest([("Condition", key) for key in keys])]
    assert sorted({*filed}) == filed
    entries = await every_page(Client(way), "Condition/_history?_count=2")
    assert [one["resource"]["id"] for one in entries] == [one.text for one in reversed(keys)]
