"""The FHIR server of statements: what it answers, on every store there is."""

import asyncio
import json
from decimal import Decimal

from tests.conformance.fhir_server import (
    LOCAL,
    NHS,
    Client,
    doorway,
    exact,
    observation,
    patient,
    someone,
)
from tests.e2e.deliveries import bundle, condition
from tests.e2e.deliveries import patient as feeds_patient
from tests.unit.door_site import SECRET, secret
from wholerecord.consent import Purpose, Role
from wholerecord.fold import fold
from wholerecord.intake import Arrival
from wholerecord.people import Demographics
from wholerecord.people.search import Search
from wholerecord.record import LogicalId, PatientKey
from wholerecord.worker import prepare_here, settle


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


async def test_a_deleted_patient_is_part_of_no_record_and_nothing_is_lost(store):
    ask = Client(await doorway(store))
    body = bundle(feeds_patient("p1", "9990000018"))
    await store.keep(Arrival(source="pas", body=body, name="test"))
    await settle(store, prepare_here)
    theirs = LogicalId.of(PatientKey("pas", "p1").id, "p1").text
    same = {"name": [{"family": "EXAMPLE", "given": ["Ada"]}], "birthDate": "1970-05-04"}
    phone = {"system": "phone", "value": "07700900123"}
    made = await ask.made(patient(**same, telecom=[phone]))
    [known] = await store.newest([("Patient", LogicalId.parse(made["id"]))])

    async def record():
        members = await store.members(known.person)
        assert {one.source for one in members} == {"pas", "app:RXA"}
        return fold(await store.statements({one.patient: one.t for one in members}))

    before = await record()
    assert before.who.best.phones
    assert (await ask("DELETE", f"Patient/{made['id']}")).status_code == 204
    after = await record()
    assert not after.who.best.phones
    assert [said.source for said, _ in after.who.said_by] == ["pas"]
    assert [one.said.source for one in after.superseded] == ["app:RXA"] * 2, "nothing is lost"
    assert (await ask("GET", f"Patient/{theirs}")).status_code == 200
    assert (await ask("GET", f"Patient/{made['id']}/_history/1")).json()["telecom"]
    said = patient(id=made["id"], **same)
    again = await ask("PUT", f"Patient/{made['id']}", said, if_match='W/"2"')
    assert again.status_code in {200, 201}
    assert len((await record()).who.said_by) == 2


async def test_a_deleted_patient_is_compared_with_nobody_and_stays_where_it_is_linked(store):
    ask = Client(await doorway(store))
    said = {"name": [{"family": "EXAMPLE", "given": ["Ada"]}], "birthDate": "1970-05-04"}
    made = await ask.made(patient(**said))
    logical = LogicalId.parse(made["id"])
    result = observation(f"Patient/{made['id']}", "4.50")
    assert (await ask("POST", "Observation", result)).status_code == 201
    [known] = await store.newest([("Patient", logical)])
    number = Search.of("9990000018").keys
    assert [person for person, _ in await store.find(number)] == [known.person]
    assert (await ask("DELETE", f"Patient/{made['id']}")).status_code == 204
    await settle(store, prepare_here)
    assert await store.find(number) == []
    [member] = await store.members(known.person)  # the link is a decision of its own
    assert member.demographics == Demographics()
    body = bundle(feeds_patient("p1", "9990000018"))
    await store.keep(Arrival(source="pas", body=body, name="test"))
    await settle(store, prepare_here)
    [(other, _)] = await store.find(number)
    assert other != known.person
    again = patient(id=made["id"], **said)
    assert (await ask("PUT", f"Patient/{made['id']}", again, if_match='W/"2"')).is_success
    await settle(store, prepare_here)
    assert known.person in [person for person, _ in await store.find(number)]


async def test_taking_a_restricted_patient_back_tells_nobody_where_they_live(store):
    ask = Client(await doorway(store))
    secret = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
    made = await ask.made(patient(meta={"security": [secret]}))
    [known] = await store.newest([("Patient", LogicalId.parse(made["id"]))])
    [before] = await store.members(known.person)
    assert before.demographics.restricted
    await ask("DELETE", f"Patient/{made['id']}")
    [after] = await store.members(known.person)
    assert after.demographics == Demographics(restricted=True)


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
    answer = await second("PUT", f"Patient/{made['id']}", made, if_match='W/"1"')
    assert answer.status_code == 404


async def test_eight_conditional_creates_of_each_of_twenty_identities_make_twenty(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())

    async def create(n):
        name = {"identifier": [{"system": LOCAL, "value": f"r{n}"}]}
        body = observation(f"Patient/{made['id']}", **name)
        return await ask("POST", "Observation", body, if_none_exist=f"identifier={LOCAL}|r{n}")

    answers = await asyncio.gather(*(create(n) for n in range(20) for _ in range(8)))
    assert {one.status_code for one in answers} == {200, 201}
    assert sum(one.status_code == 201 for one in answers) == 20
    assert len({one.json()["id"] for one in answers}) == 20
    searched = await ask("GET", f"Observation?patient={made['id']}&_summary=count")
    assert searched.json()["total"] == 20


async def test_a_conditional_update_makes_one_then_changes_it(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    named = {"identifier": [{"system": LOCAL, "value": "r1"}]}
    path = f"Observation?identifier={LOCAL}|r1"

    async def put(value):
        return await ask("PUT", path, observation(f"Patient/{made['id']}", value, **named))

    answers = await asyncio.gather(*(put(f"{n}.0") for n in range(1, 6)))
    assert sorted(one.status_code for one in answers) == [200, 200, 200, 200, 201]
    [made_id] = {one.json()["id"] for one in answers}
    newest = await ask("GET", f"Observation/{made_id}")
    assert newest.headers["etag"] == 'W/"5"'
    assert (await ask("DELETE", path)).status_code == 204
    assert (await ask("GET", f"Observation/{made_id}")).status_code == 410
    assert (await ask("DELETE", "Observation")).status_code == 412


async def test_concurrent_updates_all_succeed_and_each_is_a_version(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    one = (await ask("POST", "Observation", observation(f"Patient/{made['id']}"))).json()

    async def put(n, **headers):
        body = observation(f"Patient/{made['id']}", f"{n}.5", id=one["id"])
        return (await ask("PUT", f"Observation/{one['id']}", body, **headers)).status_code

    assert await asyncio.gather(*(put(n) for n in range(8))) == [200] * 8
    matched = await asyncio.gather(*(put(n, if_match='W/"9"') for n in range(4)))
    assert sorted(matched) == [200, 412, 412, 412]


async def test_an_update_may_not_make_it_another_patients(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    other = await ask.made(patient("9990000026", name=[{"family": "Else"}], birthDate="1990-01-01"))
    one = (await ask("POST", "Observation", observation(f"Patient/{made['id']}"))).json()
    body = observation(f"Patient/{other['id']}", id=one["id"])
    answer = await ask("PUT", f"Observation/{one['id']}", body)
    assert answer.status_code == 422
    assert "another patient" in answer.json()["issue"][0]["diagnostics"]


async def test_of_a_feeds_patient_a_client_writes_and_both_are_one_person(store):
    way = await doorway(store)
    body = bundle(feeds_patient("p1", "9990000018"), condition("c1", "p1"))
    await store.keep(Arrival(source="pas", body=body))
    await settle(store, prepare_here)
    ask = Client(way)
    theirs = LogicalId.of(PatientKey("pas", "p1").id, "p1").text
    said = (await ask("GET", f"Patient/{theirs}")).json()
    assert said["birthDate"] == "1970-05-04"
    told = LogicalId.of(PatientKey("pas", "p1").id, "c1").text
    stroke = await ask("GET", f"Condition/{told}")
    assert stroke.json()["subject"] == {"reference": f"Patient/{theirs}"}
    made = await ask("POST", "Observation", observation(f"Patient/{theirs}"))
    assert made.status_code == 201, made.text
    again = await ask("GET", f"Observation/{made.json()['id']}")
    assert again.json()["subject"] == {"reference": f"Patient/{theirs}"}
    [person] = await store.people()
    assert [one.source for one in await store.members(person)] == ["app:RXA", "pas"]
    assert (await ask("PUT", f"Condition/{told}", stroke.json())).status_code == 403
    assert (await ask("DELETE", f"Condition/{told}")).status_code == 403


async def test_writing_somebodys_name_does_not_open_their_record(store):
    way = await doorway(store)
    body = bundle(feeds_patient("p1", "9990000018"), condition("c1", "p1"))
    await store.keep(Arrival(source="pas", body=body))
    await settle(store, prepare_here)
    stranger = Client(way, someone(organisation="RZZ"))
    copied = feeds_patient("", "9990000018")
    del copied["id"]
    assert (await stranger("POST", "Patient", copied)).status_code == 201
    told = LogicalId.of(PatientKey("pas", "p1").id, "c1").text
    assert len(await store.people()) == 1
    assert (await stranger("GET", f"Condition/{told}")).status_code == 404


async def test_staff_are_of_the_directory_and_any_professional_reads_them(store):
    way = await doorway(store)
    ask, other = Client(way), Client(way, someone(Role.NURSE, "RZZ"))
    made = await ask.made({"resourceType": "Practitioner", "name": [{"family": "Tesfaye"}]})
    assert (await other("GET", f"Practitioner/{made['id']}")).status_code == 200
    researcher = Client(way, someone(Role.RESEARCHER))
    assert (await researcher("GET", f"Practitioner/{made['id']}")).status_code == 404
    gone = await ask("DELETE", f"Practitioner/{made['id']}")
    assert gone.status_code == 204
    assert (await other("GET", f"Practitioner/{made['id']}")).status_code == 410


async def test_every_read_and_write_is_an_opening(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    await ask("GET", f"Patient/{made['id']}")
    await ask("GET", f"Patient/{made['id'][:-13]}{'a' * 13}")
    looks = [(one.view, one.allowed, one.part) for one in await store.openings()]
    assert looks == [
        ("register", True, "POST Patient"),
        ("record", True, f"Patient/{made['id']}"),
        ("record", True, f"Patient/{made['id'][:-13]}{'a' * 13}"),  # of whom the id names
    ]


async def test_a_batch_does_each_entry_by_itself(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    entries = [
        {"request": {"method": "GET", "url": f"Patient/{made['id']}"}},
        {"request": {"method": "DELETE", "url": "Condition/nobodys"}},
        {"resource": patient("9990000026"), "request": {"method": "POST", "url": "Patient"}},
        {
            "resource": {"resourceType": "Patient", "x": 1},
            "request": {"method": "POST", "url": "Patient"},
        },
    ]
    body = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    answer = await ask("POST", "", body)
    said = [one["response"]["status"][:3] for one in answer.json()["entry"]]
    assert said == ["200", "404", "201", "422"]
    assert answer.json()["entry"][0]["resource"]["id"] == made["id"]


async def test_a_transaction_finds_who_is_there_and_leads_references_to_them(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    urn = "urn:uuid:0d1e7a6e-0000-4000-8000-000000000001"
    entries = [
        {
            "fullUrl": urn,
            "resource": patient(),
            "request": {
                "method": "POST",
                "url": "Patient",
                "ifNoneExist": f"identifier={NHS}|9990000018",
            },
        },
        {
            "resource": json.loads(observation(urn)),
            "request": {"method": "POST", "url": "Observation"},
        },
    ]
    body = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    answer = await ask("POST", "", body)
    assert answer.status_code == 200, answer.text
    there, told = [one["response"] for one in answer.json()["entry"]]
    assert there["status"] == "200 OK"
    said = (await ask("GET", told["location"])).json()
    assert said["subject"] == {"reference": f"Patient/{made['id']}"}


async def test_a_patch_is_a_version_and_its_failed_test_is_none(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    one = (await ask("POST", "Observation", observation(f"Patient/{made['id']}"))).json()
    path, media = f"Observation/{one['id']}", {"content_type": "application/json-patch+json"}
    good = [{"op": "replace", "path": "/status", "value": "amended"}]
    answer = await ask("PATCH", path, good, **media)
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"2"'), answer.text
    assert b'"value":4.50' in answer.content
    tested = [{"op": "test", "path": "/status", "value": "final"}, *good]
    assert (await ask("PATCH", path, tested, **media)).status_code == 422
    for bad in ([{"op": "x"}], [{"op": "remove", "path": "/nothing"}]):
        assert (await ask("PATCH", path, bad, **media)).status_code == 422
    taken = [{"op": "replace", "path": "/id", "value": made["id"]}]
    assert (await ask("PATCH", path, taken, **media)).status_code == 422
    assert (await ask("GET", path)).headers["etag"] == 'W/"2"'


#: What is asked, and its status.
ASKED = [
    ("POST", "Observation", b"", 400),
    ("POST", "Observation", b"{", 400),
    ("POST", "Observation", b'{"resourceType":"Observation","resourceType":"Patient"}', 400),
    ("POST", "Observation", b"[" * 100_000, 400),
    ("POST", "Observation", b"\xff\xfe", 400),
    ("POST", "Observation", {"resourceType": "Patient"}, 400),
    ("POST", "Observation", {"resourceType": "Observation"}, 422),
    ("POST", "Nonsense", {"resourceType": "Nonsense"}, 404),
    ("POST", "", {"resourceType": "Bundle", "type": "collection"}, 400),
    ("POST", "", {"resourceType": "Bundle", "type": "transaction", "entry": 7}, 400),
    ("POST", "", {"resourceType": "Bundle", "type": "transaction", "entry": [None]}, 400),
    ("POST", "", {"resourceType": "Bundle", "type": "batch", "entry": [{}]}, 200),
    ("POST", "", {"resourceType": "Bundle", "type": "transaction"}, 200),
    ("PUT", "Patient/example", patient(id="example"), 405),
    ("PUT", "Patient/example", patient(id="other"), 400),
    ("PUT", f"Patient/{'a' * 13}-{'a' * 13}", patient(id=f"{'a' * 13}-{'a' * 13}"), 428),
    ("PUT", "Patient", patient(), 412),
    ("PUT", "Patient?name=x", patient(), 400),
    ("GET", "Patient/%00", None, 404),
    ("GET", "Patient/" + "a" * 5000, None, 404),
    ("GET", f"Patient/{'a' * 13}-{'a' * 13}", None, 404),
    ("GET", f"Patient/{'a' * 13}-{'a' * 13}/_history/99999999999999999999", None, 404),
    ("GET", f"Patient/{'a' * 13}-{'a' * 13}?_format=ttl", None, 406),
    ("DELETE", f"Patient/{'a' * 13}-{'a' * 13}", None, 404),
    ("POST", "Observation", observation("Patient/example"), 422),
    ("POST", "Observation", observation("Organization/x"), 422),
    ("POST", "Observation", observation("Location/x"), 201),
]


async def test_what_is_asked_wrongly_gets_its_status_and_leaves_nothing(store):
    ask = Client(await doorway(store))
    for method, path, body, status in ASKED:
        before = (await store.received()).messages
        answer = await ask(method, path, body)
        assert answer.status_code == status, (path, answer.text)
        if status >= 400:
            assert answer.json()["resourceType"] == "OperationOutcome"
            assert (await store.received()).messages == before


async def test_a_resource_whose_parts_are_wrong_is_told_all_of_them_with_their_places(store):
    ask = Client(await doorway(store))
    wrong = patient(birthDate="1950-02-30", gender="x", colour="blue", name={"family": "A"})
    answer = await ask("POST", "Patient", wrong)
    assert answer.status_code == 422
    places = {one["expression"][0]: one["code"] for one in answer.json()["issue"]}
    assert places == {
        "Patient.birthDate": "value",
        "Patient.gender": "code-invalid",
        "Patient.colour": "structure",
        "Patient.name": "structure",
    }


async def feed(store, *resources):
    await store.keep(Arrival(source="pas", body=bundle(*resources)))
    await settle(store, prepare_here)


def of_feed(own):
    return LogicalId.of(PatientKey("pas", "p1").id, own).text


async def test_what_is_withheld_is_not_there_by_any_interaction(store):
    way = await doorway(store)
    await feed(store, feeds_patient("p1", "9990000018"), condition("c1", "p1"), secret())
    ask = Client(way)
    assert (await ask("GET", f"Condition/{of_feed('c1')}")).status_code == 200
    hidden, unknown = f"Condition/{of_feed('s1')}", f"Condition/{of_feed('nothing')}"
    said = {"resourceType": "Condition", "id": of_feed("s1"), "subject": {"display": "x"}}
    patched = [{"op": "add", "path": "/note", "value": []}]
    media = {"content_type": "application/json-patch+json"}
    entry = {"request": {"method": "GET", "url": hidden}}
    for path in (hidden, unknown):
        answers = [
            await ask("GET", path),
            await ask("GET", f"{path}/_history"),
            await ask("GET", f"{path}/_history/1"),
            await ask("PUT", path, said | {"id": path.partition("/")[2]}),
            await ask("DELETE", path),
            await ask("PATCH", path, patched, **media),
        ]
        assert {one.status_code for one in answers} == {404}
        assert SECRET not in "".join(one.text for one in answers)
    for kind in ("batch", "transaction"):
        answer = await ask("POST", "", {"resourceType": "Bundle", "type": kind, "entry": [entry]})
        assert "404" in answer.text or answer.status_code == 404
        assert SECRET not in answer.text
    assert (await Client(way, someone(Role.RECEPTIONIST))("GET", hidden)).status_code == 404


async def test_where_a_restricted_person_lives_is_in_no_resource(store):
    way = await doorway(store)
    security = {
        "security": [
            {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
        ]
    }
    lives = {
        "meta": security,
        "address": [{"line": ["1 Hidden Lane"], "postalCode": "LS1 1AA"}],
        "telecom": [{"system": "phone", "value": "0113 4960000"}],
        "contact": [{"address": {"line": ["1 Hidden Lane"]}}],
    }
    await feed(store, feeds_patient("p1", "9990000018") | lives, condition("c1", "p1"))
    answer = await Client(way)("GET", f"Patient/{of_feed('p1')}")
    assert answer.status_code == 200, answer.text
    assert "Hidden" not in answer.text
    assert "4960000" not in answer.text


async def test_what_a_role_may_not_see_is_not_there(store):
    way = await doorway(store)
    ask = Client(way)
    made = await ask.made(patient())
    one = (await ask("POST", "Observation", observation(f"Patient/{made['id']}"))).json()
    worker = Client(way, someone(Role.SOCIAL_WORKER))
    assert (await worker("GET", f"Patient/{made['id']}")).status_code == 200
    assert (await worker("GET", f"Observation/{one['id']}")).status_code == 404


async def test_what_is_written_is_in_the_books_and_in_the_record(store):
    way = await doorway(store)
    ask = Client(way)
    made = await ask.made(patient())
    await ask("POST", "Observation", observation(f"Patient/{made['id']}"))
    counts = await store.received()
    assert (counts.messages, counts.said, counts.statements) == (2, 2, 2)
    assert (counts.waiting, counts.parked, counts.unlinked) == (0, 0, 0)
    [person] = await store.people()
    opened = await way.door(someone()).open(person, purpose=Purpose.DIRECT_CARE)
    [entry] = opened.record.entries
    assert entry.said_by[0].source == "app:RXA"


async def test_references_may_begin_with_the_servers_address_or_be_the_bundles_own(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    base = "http://here.example/fhir"
    one = await ask("POST", "Observation", observation(f"{base}/Patient/{made['id']}"))
    assert one.status_code == 201, one.text
    assert one.json()["subject"] == {"reference": f"Patient/{made['id']}"}
    elsewhere = await ask(
        "POST", "Observation", observation(f"https://x.example/Patient/{made['id']}")
    )
    assert elsewhere.status_code == 422
    other = patient("9990000026", id="p7", birthDate="1990-01-01", name=[{"family": "Else"}])
    entries = [
        {
            "fullUrl": "https://client.example/Patient/p7",
            "resource": other,
            "request": {"method": "POST", "url": "Patient"},
        },
        {
            "resource": json.loads(observation("Patient/p7")),
            "request": {"method": "POST", "url": "Observation"},
        },
    ]
    body = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    answer = await ask("POST", "", body)
    assert answer.status_code == 200, answer.text
    person, told = [one["response"]["location"] for one in answer.json()["entry"]]
    said = (await ask("GET", told)).json()
    assert said["subject"]["reference"] == person.partition("/_history")[0]


async def test_staff_are_led_to_from_what_names_them(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    staff = await ask.made({"resourceType": "Practitioner", "name": [{"family": "Tesfaye"}]})
    device = await ask.made(
        {"resourceType": "Device", "deviceName": [{"name": "A", "type": "other"}]}
    )
    named = {
        "performer": [{"reference": f"Practitioner/{staff['id']}"}],
        "device": {"reference": f"Device/{device['id']}"},
    }
    one = (await ask("POST", "Observation", observation(f"Patient/{made['id']}", **named))).json()
    said = (await ask("GET", f"Observation/{one['id']}")).json()
    assert {name: said[name] for name in named} == named


async def test_a_resource_is_checked_without_being_filed(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    before = (await store.received()).messages
    well = await ask("POST", "Observation/$validate", observation(f"Patient/{made['id']}"))
    assert (well.status_code, well.json()["issue"][0]["severity"]) == (200, "information")
    ill = {"resourceType": "Patient", "gender": "x", "telecom": [{"value": "1"}]}
    sent = [{"name": "resource", "resource": ill}, {"name": "mode", "valueCode": "update"}]
    wrapped = {"resourceType": "Parameters", "parameter": sent}
    told = (await ask("POST", "Patient/$validate", wrapped)).json()["issue"]
    assert {(one["expression"][0], one["code"]) for one in told} == {
        ("Patient.gender", "code-invalid"),
        ("Patient.telecom[0]", "invariant"),
        ("Patient.id", "required"),
    }
    asked = "Patient/$validate?profile=http://x.example/p"
    told = (await ask("POST", asked, patient())).json()["issue"]
    assert [one["code"] for one in told if one["severity"] == "error"] == ["not-found"]
    held = await ask("GET", f"Patient/{made['id']}/$validate")
    assert {one["severity"] for one in held.json()["issue"]} <= {"information", "warning"}
    assert (await ask("POST", "Patient/$validate", {"resourceType": "Group"})).status_code == 200
    assert (await ask("POST", "Patient/$validate?mode=x", patient())).status_code == 400
    assert (await store.received()).messages == before
