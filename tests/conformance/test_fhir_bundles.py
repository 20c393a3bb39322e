"""Batches and transactions: conditions, references, reads within, order, and nothing half done."""

import asyncio
import base64
import json

import asyncpg

from tests.conformance.fhir_server import LOCAL, NHS, Client, doorway, observation, patient, someone
from tests.e2e.deliveries import bundle as delivery
from tests.e2e.deliveries import patient as feeds_patient
from wholerecord.consent import Role
from wholerecord.intake import Arrival
from wholerecord.storage import open_store
from wholerecord.worker import prepare_here, settle

URN = "urn:uuid:0d1e7a6e-0000-4000-8000-00000000000{}"


def entry(method, url, resource=None, **more):
    request = {"method": method, "url": url} | {
        name: more.pop(name) for name in ("ifNoneExist", "ifMatch", "ifNoneMatch") if name in more
    }
    return more | {"request": request} | ({"resource": resource} if resource else {})


def bundle(*entries, kind="transaction"):
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def known(resource, value):
    return resource | {"identifier": [{"system": LOCAL, "value": value}]}


def asthma(subject, **more):
    return {
        "resourceType": "Condition",
        "code": {"text": "Asthma"},
        "subject": {"reference": subject},
    } | more


def statuses(answer):
    assert answer.status_code == 200, answer.text
    return [one["response"]["status"][:3] for one in answer.json().get("entry", ())]


async def kept(store):
    return (await store.received()).messages


async def test_a_reference_may_name_what_it_means_by_identifier(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    staff = {"resourceType": "Practitioner", "name": [{"family": "Lee"}]}
    await ask.made(known(staff, "d1"))
    said = asthma(f"Patient?identifier={NHS}|9990000018")
    said["asserter"] = {"reference": f"Practitioner?identifier={LOCAL}|d1"}
    answer = await ask("POST", "", bundle(entry("POST", "Condition", said)))
    assert statuses(answer) == ["201"]
    read = (await ask("GET", answer.json()["entry"][0]["response"]["location"])).json()
    assert read["subject"]["reference"] == f"Patient/{made['id']}"
    assert (await ask("GET", read["asserter"]["reference"])).json()["name"][0]["family"] == "Lee"


async def test_a_patient_of_a_feed_is_found_by_number_by_whoever_may_find_them(store):
    way = await doorway(store)
    body = delivery(feeds_patient("p1", "9990000018"))
    await store.keep(Arrival(source="pas", body=body, name="test"))
    await settle(store, prepare_here)
    said = bundle(entry("POST", "Condition", asthma(f"Patient?identifier={NHS}|9990000018")))
    assert statuses(await Client(way)("POST", "", said)) == ["201"]
    planner = Client(way, someone(Role.PLANNER))
    assert (await planner("POST", "", said)).status_code == 412


async def test_a_reference_may_mean_what_the_same_bundle_makes(store):
    ask = Client(await doorway(store))
    staff = known({"resourceType": "Practitioner", "name": [{"family": "Lee"}]}, "d2")
    condition = f"identifier={LOCAL}|d2"
    said = asthma(URN.format(1), asserter={"reference": f"Practitioner?{condition}"})
    answer = await ask(
        "POST",
        "",
        bundle(
            entry("POST", "Condition", said),
            entry("POST", "Patient", patient(), fullUrl=URN.format(1)),
            entry("POST", "Practitioner", staff, ifNoneExist=condition),
        ),
    )
    assert statuses(answer) == ["201"] * 3
    first, second, third = (one["response"]["location"] for one in answer.json()["entry"])
    read = (await ask("GET", first)).json()
    assert second.startswith(read["subject"]["reference"])
    assert third.startswith(read["asserter"]["reference"])


async def test_a_reference_that_finds_none_or_several_leaves_nothing(store):
    ask = Client(await doorway(store))
    for _ in range(2):
        await ask.made(known({"resourceType": "Organization", "name": "Twice"}, "o1"))
    made = await ask.made(patient())
    before = await kept(store)
    for wrong, status in (
        (f"Organization?identifier={LOCAL}|o1", 412),
        (f"Organization?identifier={LOCAL}|none", 412),
        ("Organization?name=Twice", 400),
        ("Nothing?identifier=a|b", 400),
    ):
        said = asthma(f"Patient/{made['id']}", recorder={"reference": wrong})
        answer = await ask("POST", "", bundle(entry("POST", "Condition", said)))
        assert answer.status_code == status, (wrong, answer.text)
        assert answer.json()["resourceType"] == "OperationOutcome"
    assert await kept(store) == before


async def test_two_of_one_identity_are_one_or_refused(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    said = known(asthma(f"Patient/{made['id']}"), "c1")
    url = f"Condition?identifier={LOCAL}|c1"
    before = await kept(store)
    for second in (entry("PUT", url, said), entry("POST", "Condition", said, ifNoneExist=url)):
        answer = await ask("POST", "", bundle(entry("PUT", url, said), second))
        assert answer.status_code == 400, answer.text
    assert await kept(store) == before
    both = [
        entry("POST", "Condition", said, ifNoneExist=url, fullUrl=URN.format(n)) for n in (1, 2)
    ]
    listed = {
        "resourceType": "List",
        "status": "current",
        "mode": "working",
        "subject": {"reference": f"Patient/{made['id']}"},
        "entry": [{"item": {"reference": URN.format(n)}} for n in (1, 2)],
    }
    answer = await ask("POST", "", bundle(*both, entry("POST", "List", listed)))
    assert statuses(answer) == ["201", "200", "201"]
    first, second, third = (one["response"]["location"] for one in answer.json()["entry"])
    assert first == second
    items = (await ask("GET", third)).json()["entry"]
    assert {one["item"]["reference"] for one in items} == {first.removesuffix("/_history/1")}
    assert statuses(await ask("POST", "", bundle(entry("PUT", url, said)))) == ["200"]
    again = await ask("POST", "", bundle(entry("PUT", url, said), entry("PUT", url, said)))
    assert again.status_code == 400


async def test_what_the_bundle_calls_its_own_is_led_wherever_it_stands(store):
    ask = Client(await doorway(store))
    extensions = [
        {"url": "http://e/r", "valueReference": {"reference": URN.format(1)}},
        {"url": "http://e/u", "valueUri": URN.format(1)},
    ]
    contained = {
        "resourceType": "Provenance",
        "id": "p",
        "target": [{"reference": URN.format(1)}],
        "recorded": "2026-03-02T09:15:00Z",
        "agent": [{"who": {"display": "x"}}],
    }
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><a href="{URN.format(1)}">she</a></div>'
    said = asthma(
        URN.format(1),
        extension=[*extensions, {"url": "http://e/c", "valueReference": {"reference": "#p"}}],
        contained=[contained],
        text={"status": "additional", "div": div},
        identifier=[{"system": "urn:ietf:rfc:3986", "value": URN.format(1)}],
    )
    answer = await ask(
        "POST",
        "",
        bundle(
            entry("POST", "Condition", said),
            entry("POST", "Patient", patient(), fullUrl=URN.format(1)),
        ),
    )
    assert statuses(answer) == ["201", "201"]
    first, second = (one["response"]["location"] for one in answer.json()["entry"])
    address = second.removesuffix("/_history/1")
    read = (await ask("GET", first)).json()
    assert read["subject"]["reference"] == address
    assert read["extension"][0]["valueReference"]["reference"] == address
    assert read["extension"][1]["valueUri"] == address
    assert read["contained"][0]["target"][0]["reference"] == address
    assert f'href="{address}"' in read["text"]["div"]
    assert read["identifier"][0]["value"] == URN.format(1)


async def test_a_full_url_names_one_resource_and_its_own(store):
    ask = Client(await doorway(store))
    one = entry("POST", "Patient", patient(), fullUrl=URN.format(1))
    other = entry("POST", "Patient", patient("9990000026"), fullUrl=URN.format(1))
    wrong = entry("POST", "Patient", patient(id="a"), fullUrl="http://else.example/Patient/b")
    before = await kept(store)
    for said in (bundle(one, other), bundle(wrong)):
        answer = await ask("POST", "", said)
        assert answer.status_code == 400
        assert answer.json()["issue"][0]["expression"][0].endswith(".fullUrl")
    assert await kept(store) == before


async def test_what_is_read_is_read_after_what_is_written_by_any_url(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    who = made["id"]
    old = (await ask("POST", "Observation", observation(f"Patient/{who}"))).json()["id"]
    reads = {
        f"Patient/{who}": "200",
        f"/Patient/{who}": "200",
        f"http://here.example/fhir/Patient/{who}": "200",
        f"Patient/{who}/_history/1": "200",
        f"Observation/{old}/_history": "200",
        f"Observation?patient={who}&_summary=count": "200",
        f"Patient/{who}/$everything": "200",
        f"Observation/{old}": "410",
        "Patient/nobody": "404",
        "Patient?nonsense=1": "400",
        "Nothing/1": "404",
        "$export": "404",
        "http://else.example/fhir/Patient/1": "404",
        "//else.example/Patient/1": "404",
        "": None,
    }
    writes = [
        entry("POST", "Observation", json.loads(observation(f"Patient/{who}", "5"))),
        entry("DELETE", f"Observation/{old}"),
    ]
    for kind in ("transaction", "batch"):
        asked = [url for url, status in reads.items() if status]
        said = bundle(*(entry("GET", url) for url in asked), *writes, kind=kind)
        answer = await ask("POST", "", said)
        assert dict(zip(asked, statuses(answer), strict=False)) == {
            url: reads[url] for url in asked
        }
        entries = answer.json()["entry"]
        assert entries[5]["resource"]["total"] == (1 if kind == "transaction" else 2)
        assert entries[0]["resource"] == made
        assert entries[7]["response"]["outcome"]["resourceType"] == "OperationOutcome"
    unchanged = entry("GET", f"Patient/{who}", ifNoneMatch='W/"1"')
    assert statuses(await ask("POST", "", bundle(unchanged))) == ["304"]


async def test_patches_are_among_what_is_done_together(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    one = (await ask("POST", "Observation", observation(f"Patient/{made['id']}"))).json()["id"]
    patch = [{"op": "replace", "path": "/status", "value": "amended"}]
    binary = {
        "resourceType": "Binary",
        "contentType": "application/json-patch+json",
        "data": base64.b64encode(json.dumps(patch).encode()).decode(),
    }
    named = [("type", "valueCode", "delete"), ("path", "valueString", "Observation.effective")]
    operation = {"name": "operation", "part": [{"name": n, key: v} for n, key, v in named]}
    parameters = {"resourceType": "Parameters", "parameter": [operation]}
    for said in (binary, parameters):
        answer = await ask("POST", "", bundle(entry("PATCH", f"Observation/{one}", said)))
        assert statuses(answer) == ["200"]
    read = (await ask("GET", f"Observation/{one}")).json()
    assert (read["status"], read["meta"]["versionId"]) == ("amended", "3")
    assert "effectiveDateTime" not in read
    for wrong in (
        binary | {"data": "%"},
        binary | {"contentType": "text/plain"},
        {"resourceType": "Patient"},
    ):
        answer = await ask("POST", "", bundle(entry("PATCH", f"Observation/{one}", wrong)))
        assert answer.status_code == 400


async def test_what_is_preferred_is_given_back_of_each_entry(store):
    ask = Client(await doorway(store))
    for wanted, keys in (("representation", {"resource"}), ("minimal", set()), ("", set())):
        prefer = {"prefer": f"return={wanted}"} if wanted else {}
        made = await ask("POST", "", bundle(entry("POST", "Patient", patient())), **prefer)
        assert set(made.json()["entry"][0]) - {"response"} == keys
    made = await ask(
        "POST", "", bundle(entry("POST", "Patient", patient())), prefer="return=OperationOutcome"
    )
    assert made.json()["entry"][0]["response"]["outcome"]["resourceType"] == "OperationOutcome"


async def test_a_bad_entry_leaves_nothing_of_a_transaction(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    good = [entry("POST", "Condition", asthma(f"Patient/{made['id']}")) for _ in range(5)]
    before = await kept(store)
    for bad in (
        entry("POST", "Condition", asthma("Patient/nobody")),
        entry("POST", "Condition", {"resourceType": "Condition"}),
        entry("PUT", "Condition/x", asthma(f"Patient/{made['id']}")),
        entry("DELETE", "Condition/x"),
        entry("PATCH", "Condition/x", {"resourceType": "Parameters"}),
        entry("PUT", f"Patient/{made['id']}", patient(id=made["id"]), ifMatch='W/"7"'),
        entry("FETCH", "Condition"),
        {"resource": patient()},
    ):
        answer = await ask("POST", "", bundle(*good, bad))
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.json()["resourceType"] == "OperationOutcome"
    assert await kept(store) == before
    found = await ask("GET", f"Condition?patient={made['id']}&_summary=count")
    assert found.json()["total"] == 0


async def test_concurrent_upserts_each_say_what_came_of_them(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    said = known(json.loads(observation(f"Patient/{made['id']}")), "u1")
    url = f"Observation?identifier={LOCAL}|u1"
    answers = await asyncio.gather(
        *(
            ask("POST", "", bundle(entry("PUT", url, said | {"note": [{"text": str(n)}]})))
            for n in range(12)
        )
    )
    told = [one.json()["entry"][0]["response"] for one in answers if one.status_code == 200]
    assert len(told) == 12
    assert [one["status"][:3] for one in told].count("201") == 1
    versions = sorted(int(one["etag"][3:-1]) for one in told)
    assert versions == list(range(1, 13))
    path = told[0]["location"].partition("/_history")[0]
    history = (await ask("GET", f"{path}/_history")).json()
    assert {one["resource"]["note"][0]["text"] for one in history["entry"]} == {
        str(n) for n in range(12)
    }


async def test_what_is_kept_and_what_is_filed_are_counted_apart(database_url: str):
    """So that two transactions, each of which does both, never wait for each other in a ring."""
    async with open_store(database_url) as store:
        ask = Client(await doorway(store))
        for _ in range(12):
            await ask.made(patient())
    connection = await asyncpg.connect(database_url)
    try:
        rows = await connection.fetch("SELECT slot, messages, said FROM feed WHERE said > 0")
    finally:
        await connection.close()
    assert sum(row["said"] for row in rows) == 12
    assert not any(row["messages"] for row in rows)
