"""The FHIR server of statements: what it answers, on every store there is."""

from decimal import Decimal

from tests.conformance.fhir_server import Client, doorway, exact, observation, patient, someone


async def test_what_is_created_is_read_back_with_its_decimals(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    answer = await ask("POST", "Observation", observation(f"Patient/{made['id']}"))
    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == 'W/"1"'
    address = answer.headers["location"].removesuffix("/_history/1")
    again = await ask("GET", address)
    assert again.status_code == 200, (address, again.text)
    said = exact(again)
    assert said["valueQuantity"]["value"] == Decimal("4.50")
    assert b'"value":4.50' in again.content
    assert said["subject"] == {"reference": f"Patient/{made['id']}"}
    assert said["meta"]["versionId"] == "1"
    assert again.headers["etag"] == 'W/"1"'
    assert (await ask("GET", address, if_none_match='W/"1"')).status_code == 304


async def test_an_update_is_a_version_and_a_delete_is_the_last_one(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    one = (await ask("POST", "Observation", observation(f"Patient/{made['id']}"))).json()
    address = f"Observation/{one['id']}"
    changed = observation(f"Patient/{made['id']}", "5.10", id=one["id"])
    answer = await ask("PUT", address, changed, if_match='W/"1"')
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"2"'), answer.text
    assert (await ask("PUT", address, changed, if_match='W/"1"')).status_code == 412
    assert b"4.50" in (await ask("GET", f"{address}/_history/1")).content
    assert (await ask("DELETE", address)).status_code == 204
    assert (await ask("GET", address)).status_code == 410
    assert (await ask("GET", f"{address}/_history/3")).status_code == 410
    assert b"5.10" in (await ask("GET", f"{address}/_history/2")).content
    history = (await ask("GET", f"{address}/_history")).json()
    assert [e["request"]["method"] for e in history["entry"]] == ["DELETE", "PUT", "POST"]
    assert (await ask("DELETE", address)).status_code == 204


async def test_a_transaction_is_all_or_nothing_and_its_urns_are_ids(store):
    ask = Client(await doorway(store))
    grace = patient()
    entries = [
        {
            "fullUrl": "urn:uuid:0d1e7a6e-0000-4000-8000-000000000001",
            "resource": grace,
            "request": {"method": "POST", "url": "Patient"},
        },
        {
            "fullUrl": "urn:uuid:0d1e7a6e-0000-4000-8000-000000000002",
            "resource": {
                "resourceType": "Condition",
                "code": {"text": "Asthma"},
                "subject": {"reference": "urn:uuid:0d1e7a6e-0000-4000-8000-000000000001"},
            },
            "request": {"method": "POST", "url": "Condition"},
        },
    ]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    bad = {**bundle, "entry": [*entries, {"request": {"method": "DELETE", "url": "Condition/x"}}]}
    before = (await store.received()).statements
    assert (await ask("POST", "", bad)).status_code == 404
    assert (await store.received()).statements == before
    answer = await ask("POST", "", bundle)
    assert answer.status_code == 200, answer.text
    said = answer.json()["entry"]
    assert [one["response"]["status"] for one in said] == ["201 Created"] * 2
    condition = (await ask("GET", said[1]["response"]["location"])).json()
    person = said[0]["response"]["location"].partition("/_history")[0]
    assert condition["subject"]["reference"] == person


async def test_what_another_source_said_is_read_and_cannot_be_replaced(store):
    way = await doorway(store)
    first, second = Client(way), Client(way, someone(organisation="RYY"))
    made = await first.made(patient())
    assert (await second("GET", f"Patient/{made['id']}")).status_code == 404
    assert (await second("PUT", f"Patient/{made['id']}", made)).status_code == 404
