"""What a feed sent otherwise than FHIR R4 has its type: kept, served, and marked as such."""

import json

import msgspec

from tests.conformance.fhir_server import Client, doorway
from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER
from wholerecord.fhir.marked import MARK, with_mark
from wholerecord.intake import Arrival
from wholerecord.record import LogicalId, PatientKey
from wholerecord.worker import prepare_here, settle

ABOUT = PatientKey("pas", "p1").id
TAG = f"_tag={MARK['system']}|invalid"
#: An Observation must have a status, and has no such element: neither keeps it from being filed.
WRONG = {
    "resourceType": "Observation",
    "id": "o1",
    "code": {"text": "Potassium"},
    "mood": "good",
    "meta": {"tag": [{"system": "urn:ours", "code": "kept"}], "profile": ["urn:a"]},
    "subject": {"reference": "Patient/p1"},
    "valueQuantity": {"value": 4.50, "unit": "mmol/L"},
}


def own(id):
    return LogicalId.of(ABOUT, id).text


async def fed(store, *resources):
    """A feed's Bundle filed, and a client that reads it."""
    ask = Client(await doorway(store))
    body = bundle(patient("p1", NUMBER), *resources)
    await store.keep(Arrival(source="pas", body=body, name="post"))
    await settle(store, prepare_here)
    return ask


def tags(resource):
    return [one["code"] for one in resource.get("meta", {}).get("tag", [])]


async def test_what_a_feed_said_wrongly_is_marked_wherever_it_leaves(store):
    ask = await fed(store, WRONG, condition("c1", "p1"))
    wrong, right = f"Observation/{own('o1')}", f"Condition/{own('c1')}"
    for path in (wrong, f"{wrong}/_history/1"):
        said = (await ask("GET", path)).json()
        assert tags(said) == ["kept", "invalid"], said
        assert said["meta"]["profile"] == ["urn:a"]
        assert said["valueQuantity"] == WRONG["valueQuantity"]
    assert tags((await ask("GET", right)).json()) == []
    for path in (
        f"{wrong}/_history",
        f"Observation?patient={own('p1')}",
        f"Patient/{own('p1')}/$everything?_type=Observation",
        "Observation/_history",
    ):
        [entry] = (await ask("GET", path)).json()["entry"]
        assert tags(entry["resource"]) == ["kept", "invalid"], path


async def test_what_is_marked_can_be_searched_for_and_what_is_wrong_is_told_on_request(store):
    ask = await fed(store, WRONG, condition("c1", "p1"))
    found = (await ask("GET", f"Observation?patient={own('p1')}&{TAG}")).json()
    assert [one["resource"]["id"] for one in found["entry"]] == [own("o1")]
    found = (await ask("GET", f"Condition?patient={own('p1')}&{TAG}")).json()
    assert "entry" not in found
    told = (await ask("GET", f"Observation/{own('o1')}/$validate")).json()["issue"]
    assert {one["expression"][0] for one in told} >= {"Observation.status", "Observation.mood"}
    assert {one["severity"] for one in told} >= {"error"}


async def test_only_the_server_marks_and_takes_the_mark_away(store):
    spoofed = condition("c1", "p1") | {"meta": {"tag": [MARK]}}
    ask = await fed(store, spoofed, WRONG | {"meta": {"tag": [MARK]}})
    assert tags((await ask("GET", f"Condition/{own('c1')}")).json()) == []
    assert tags((await ask("GET", f"Observation/{own('o1')}")).json()) == ["invalid"]
    copied = (await ask("GET", f"Observation/{own('o1')}")).json()
    assert (await ask("POST", "Observation", copied)).status_code == 422
    mended = {name: said for name, said in copied.items() if name != "mood"} | {"status": "final"}
    made = await ask("POST", "Observation", json.dumps(mended).encode())
    assert made.status_code == 201
    assert tags(made.json()) == []
    assert tags((await ask("GET", f"Observation/{made.json()['id']}")).json()) == []


def test_a_tag_of_another_shape_is_kept_beside_the_mark():
    meta = {"tag": msgspec.Raw(b'{"code":"alone"}')}
    with_mark(meta, marked=True)
    assert tags({"meta": {"tag": json.loads(bytes(meta["tag"]))}}) == ["alone", "invalid"]
    with_mark(meta, marked=False)
    assert json.loads(bytes(meta["tag"])) == [{"code": "alone"}]
