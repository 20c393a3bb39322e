"""Messages in and out, and documents: `$process-message`, `Composition/$document`."""

import asyncio
import json

import pytest

from tests.conformance.fhir_server import Client, doorway, patient, someone
from tests.conformance.fhir_server import observation as written
from tests.e2e.deliveries import bundle
from tests.e2e.deliveries import patient as feeds_patient
from tests.unit.door_site import SECRET, secret
from wholerecord.consent import Role
from wholerecord.intake import Arrival
from wholerecord.record import LogicalId, PatientKey
from wholerecord.worker import prepare_here, settle

ID = "9b1c5d0a-0c0e-4d58-9a4c-2b8d2b0f0001"


def observation(subject, value="4.50"):
    return json.loads(written(subject, value))


def message(*resources, id=ID, **more):
    """A message: its header, and these resources by `urn:uuid`."""
    header = {
        "resourceType": "MessageHeader",
        "id": id,
        "eventCoding": {"system": "urn:events", "code": "referral"},
        "source": {"endpoint": "https://sender.example/in"},
        "focus": [{"reference": "urn:uuid:0"}],
    } | more
    entries = [{"fullUrl": f"urn:uuid:{id}", "resource": header}]
    entries += [{"fullUrl": f"urn:uuid:{n}", "resource": one} for n, one in enumerate(resources)]
    return {"resourceType": "Bundle", "type": "message", "entry": entries}


def hers(value="4.50"):
    """Somebody, and a result of theirs."""
    return patient(), observation("urn:uuid:0", value)


def header_of(answer):
    return answer.json()["entry"][0]["resource"]


async def counted(store):
    return (await store.received()).said


async def test_a_message_is_written_and_its_response_is_a_message(store):
    ask = Client(await doorway(store))
    answer = await ask("POST", "$process-message", message(*hers()))
    assert answer.status_code == 200, answer.text
    assert answer.json()["type"] == "message"
    said = header_of(answer)
    assert said["response"] == {"identifier": ID, "code": "ok"}
    assert said["eventCoding"]["code"] == "referral"
    assert said["destination"] == [{"endpoint": "https://sender.example/in"}]
    [found] = await store.people()
    every = [one.kind for one in await store.statements(
        {each.patient: each.t for each in await store.members(found)})]  # fmt: skip
    assert sorted(every) == ["Observation", "Patient"]


async def test_the_same_message_is_done_once_and_answered_alike(store):
    ask = Client(await doorway(store))
    body = message(*hers())
    first = await ask("POST", "$process-message", body)
    before = await counted(store)
    again = await ask("POST", "$process-message", body)
    assert (again.status_code, again.content) == (200, first.content)
    assert await counted(store) == before


async def test_the_same_message_sent_at_one_moment_is_done_once(store):
    ask = Client(await doorway(store))
    body = message(*hers())
    answers = await asyncio.gather(*(ask("POST", "$process-message", body) for _ in range(6)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.content for one in answers}) == 1
    assert await counted(store) == 3  # the person, the result, and that it came
    assert len(await store.people()) == 1


async def test_another_message_with_the_same_id_is_refused(store):
    ask = Client(await doorway(store))
    await ask("POST", "$process-message", message(*hers()))
    before = await counted(store)
    answer = await ask("POST", "$process-message", message(*hers("9.0")))
    assert answer.status_code == 409
    said = header_of(answer)["response"]
    assert said["code"] == "fatal-error"
    [details] = [
        one for one in answer.json()["entry"] if one["fullUrl"] == said["details"]["reference"]
    ]
    assert details["resource"]["issue"][0]["code"] == "duplicate"
    assert await counted(store) == before


async def test_what_is_said_again_by_its_identifier_is_a_version(store):
    ask = Client(await doorway(store))
    await ask("POST", "$process-message", message(*hers()))
    other = message(*hers("9.0"), id="another")
    assert (await ask("POST", "$process-message", other)).status_code == 200
    assert len(await store.people()) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"resourceType": "Bundle", "type": "message"},
        {"resourceType": "Bundle", "type": "batch", "entry": []},
        {"resourceType": "Patient"},
        message() | {"entry": [{"resource": {"resourceType": "Patient"}}]},
        message(id=""),
        message({"resourceType": "Bundle", "type": "collection"}),
        message({"resourceType": "MessageHeader"}),
        message({"resourceType": "Nothing"}),
        message({"resourceType": "Patient", "nonsense": 1}),
        message(eventCoding=None),
    ],
)
async def test_what_is_no_message_changes_nothing(store, body):
    ask = Client(await doorway(store))
    answer = await ask("POST", "$process-message", body)
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert await counted(store) == 0


async def test_a_message_about_somebody_nobody_knows_is_answered_and_leaves_nothing(store):
    ask = Client(await doorway(store))
    nobody = LogicalId.of(PatientKey("x", "1").id, "1").text
    answer = await ask("POST", "$process-message", message(observation(f"Patient/{nobody}")))
    assert (answer.status_code, header_of(answer)["response"]["code"]) == (422, "fatal-error")
    assert await counted(store) == 0
    well = await ask("POST", "$process-message", message(*hers()))  # its id is still free
    assert well.status_code == 200


async def test_who_may_not_write_sends_no_message(store):
    way = await doorway(store)
    ask = Client(way, someone(Role.RECEPTIONIST))
    answer = await ask("POST", "$process-message", message(*hers()))
    assert (answer.status_code, header_of(answer)["response"]["code"]) == (403, "fatal-error")
    assert await counted(store) == 0


def composition(*entries):
    return {
        "resourceType": "Composition",
        "id": "doc",
        "status": "final",
        "type": {"text": "Letter"},
        "date": "2026-01-02",
        "title": "Letter",
        "author": [{"reference": "Practitioner/w"}],
        "subject": {"reference": "Patient/p1"},
        "section": [{"title": "Problems", "entry": [{"reference": one} for one in entries]}],
    }


async def told(store, *resources):
    way = await doorway(store)
    author = {"resourceType": "Practitioner", "id": "w", "name": [{"family": "Writer"}]}
    for body in (bundle(author), bundle(feeds_patient("p1", "9990000018"), *resources)):
        await store.keep(Arrival(source="pas", body=body, name="post"))
    await settle(store, prepare_here)
    return Client(way), LogicalId.of(PatientKey("pas", "p1").id, "doc").text


async def test_a_document_is_the_composition_and_all_it_refers_to(store):
    condition = {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"},
                 "code": {"text": "Gout"}, "asserter": {"reference": "Practitioner/w"}}  # fmt: skip
    beside = condition | {"id": "c2", "code": {"text": "Elsewhere"}}
    ask, id_ = await told(store, condition, beside, composition("Condition/c1", "Condition/none"))
    answer = await ask("GET", f"Composition/{id_}/$document")
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert (document["type"], bool(document["identifier"]["value"])) == ("document", True)
    kinds = [one["resource"]["resourceType"] for one in document["entry"]]
    assert kinds[0] == "Composition"
    assert sorted(kinds) == ["Composition", "Condition", "Patient", "Practitioner"]
    assert "Elsewhere" not in answer.text
    for one in document["entry"]:
        kind, own = one["fullUrl"].split("/")[-2:]
        assert (kind, own) == (one["resource"]["resourceType"], one["resource"]["id"])
    assert (await ask("GET", f"Composition/{id_}/$document?persist=true")).status_code == 400
    assert (await ask("GET", "Composition/none/$document")).status_code == 404


async def test_what_is_withheld_is_in_no_document(store):
    ask, id_ = await told(store, secret("R"), composition("Condition/s1"))
    answer = await ask("GET", f"Composition/{id_}/$document")
    assert answer.status_code == 200
    assert SECRET not in answer.text
    assert "Condition" not in [one["resource"]["resourceType"] for one in answer.json()["entry"]]
    assert json.loads(answer.content)["entry"][0]["resource"]["section"]
