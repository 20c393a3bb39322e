"""What `/fhir` does with parts, preferences, conditions and XML, on every store."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from tests.conformance.fhir_server import LOCAL, Client, doorway, observation, patient
from wholerecord.intake.fhir.xml_tree import tree
from wholerecord.intake.markup import parse

XML = "application/fhir+xml"


def read_xml(answer: Any) -> dict[str, Any]:
    assert answer.headers["content-type"].startswith(XML), answer.headers
    return tree(parse(answer.content))


async def with_observation(store, **more):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    one = (await ask("POST", "Observation", observation(f"Patient/{made['id']}", **more))).json()
    return ask, made, one


async def test_xml_goes_in_and_out_and_says_the_same(store):
    ask = Client(await doorway(store))
    grace = (
        b'<Patient xmlns="http://hl7.org/fhir"><name><family value="Okafor"/></name>'
        b'<gender value="female"/><birthDate value="1948-03-02"/></Patient>'
    )
    answer = await ask("POST", "Patient", grace, content_type=XML, accept=XML)
    assert answer.status_code == 201, answer.text
    made = read_xml(answer)
    assert (made["name"], made["birthDate"]) == ([{"family": "Okafor"}], "1948-03-02")
    path = f"Patient/{made['id']}"
    said = (await ask("GET", path)).json()
    for how in ("_format=xml", "_format=application/fhir%2Bxml", "_format=application/fhir+xml"):
        assert read_xml(await ask("GET", f"{path}?{how}")) == said
    searched = read_xml(await ask("GET", f"Observation?patient={made['id']}&_format=xml"))
    assert (searched["resourceType"], searched["total"]) == ("Bundle", 0)
    missing = await ask("GET", "Patient/none", accept=XML)
    assert (missing.status_code, read_xml(missing)["resourceType"]) == (404, "OperationOutcome")
    assert (await ask("GET", path, accept="text/html")).status_code == 406
    both = await ask("GET", path, accept=f"{XML};q=0.5, application/fhir+json;q=0.9")
    assert both.headers["content-type"] == "application/fhir+json"
    for bad in (b"<", b"<Patient/>", b'<Observation xmlns="http://hl7.org/fhir"/>'):
        assert (await ask("POST", "Patient", bad, content_type=XML)).status_code == 400
    bundle = (
        b'<Bundle xmlns="http://hl7.org/fhir"><type value="batch"/><entry><request>'
        b'<method value="GET"/><url value="' + path.encode() + b'"/></request></entry></Bundle>'
    )
    answered = read_xml(await ask("POST", "", bundle, content_type=XML, accept=XML))
    assert answered["entry"][0]["resource"]["id"] == made["id"]


async def test_a_part_is_what_was_asked_for_and_says_that_it_is_one(store):
    ask, made, one = await with_observation(store, note=[{"text": "n"}], method={"text": "m"})
    path = f"Observation/{one['id']}"
    every = {"resourceType", "id", "meta", "status", "code"}
    parts = {
        "_elements=subject": every | {"subject"},
        "_elements=value": every | {"valueQuantity"},
        "_summary=true": every | {"subject", "effectiveDateTime", "valueQuantity"},
        "_summary=text": every,
        "_summary=data": set(one),
    }
    for asked, names in parts.items():
        for found in (
            (await ask("GET", f"{path}?{asked}")).json(),
            (await ask("GET", f"Observation?patient={made['id']}&{asked}")).json()["entry"][0][
                "resource"
            ],
        ):
            assert set(found) == names, asked
            assert found["meta"]["tag"][-1]["code"] == "SUBSETTED"
    assert "meta" not in (await ask("GET", f"{path}?_summary=false")).json().get("tag", {})
    included = f"Observation?patient={made['id']}&_include=Observation:subject&_elements=gender"
    entries = (await ask("GET", included)).json()["entry"]
    assert set(entries[1]["resource"]) == {"resourceType", "id", "meta", "gender"}
    for bad in ("_summary=most", "_summary=count", "_elements=a-b"):
        assert (await ask("GET", f"{path}?{bad}")).status_code == 400
    pretty = await ask("GET", f"{path}?_pretty=true")
    assert b'\n  "' in pretty.content
    assert pretty.json() == one
    for path_ in (f"Observation?patient={made['id']}", "metadata", "Observation/none"):
        listed = await ask("GET", path_ + ("&" if "?" in path_ else "?") + "_pretty=true")
        assert b'\n  "resourceType"' in listed.content


async def test_a_read_may_depend_on_what_the_caller_has(store):
    ask, _, one = await with_observation(store)
    path = f"Observation/{one['id']}"
    modified = (await ask("GET", path)).headers["last-modified"]
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    earlier = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    for headers, status in (
        ({"if_none_match": 'W/"1"'}, 304),
        ({"if_none_match": 'W/"7", W/"1"'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": 'W/"2"'}, 200),
        ({"if_modified_since": modified}, 304),
        ({"if_modified_since": later}, 304),
        ({"if_modified_since": earlier}, 200),
        ({"if_modified_since": "yesterday"}, 200),
        ({"if_modified_since": later, "if_none_match": 'W/"2"'}, 200),
    ):
        answer = await ask("GET", path, **headers)
        assert answer.status_code == status, headers
        assert answer.headers["etag"] == 'W/"1"'


async def test_what_is_preferred_is_given_back(store):
    ask, made, one = await with_observation(store)
    body = observation(f"Patient/{made['id']}", "5.0", id=one["id"])
    kinds = {
        "minimal": None,
        "OperationOutcome": "OperationOutcome",
        "representation": "Observation",
    }
    for wanted, kind in kinds.items():
        prefer = f"respond-async-not; return={wanted}"
        for method, path in (("PUT", f"Observation/{one['id']}"), ("POST", "Observation")):
            answer = await ask(method, path, body, prefer=prefer)
            assert answer.status_code in {200, 201}
            assert (answer.json()["resourceType"] if answer.content else None) == kind
            assert answer.headers["location"]


async def test_a_fhirpath_patch_is_a_version_or_nothing(store):
    ask, _, one = await with_observation(store)
    path = f"Observation/{one['id']}"

    def replaced(where, value):
        named = [("type", "valueCode", "replace"), ("path", "valueString", where)]
        part = [{"name": name, key: said} for name, key, said in named]
        part.append({"name": "value"} | value)
        return {"name": "operation", "part": part}

    def parameters(*operations):
        return {"resourceType": "Parameters", "parameter": list(operations)}

    good = replaced("Observation.status", {"valueCode": "amended"})
    answer = await ask("PATCH", path, parameters(good))
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"2"'), answer.text
    assert answer.json()["status"] == "amended"
    assert b'"value":4.50' in answer.content
    again = replaced("Observation.status", {"valueCode": "final"})
    for bad in (
        parameters(again, replaced("Observation.nothing", {"valueCode": "x"})),
        parameters(replaced("Observation.status", {"valueCode": "no such code"})),
        parameters(replaced("Observation.id", {"valueId": "x"})),
    ):
        answer = await ask("PATCH", path, bad)
        assert answer.status_code == 422, answer.text
        assert answer.json()["issue"][0]["diagnostics"]
    assert (await ask("PATCH", path, {"resourceType": "Patient"})).status_code == 400
    assert (await ask("PATCH", path, b"x", content_type="text/plain")).status_code == 415
    assert (await ask("PATCH", path, parameters(again), if_match='W/"1"')).status_code == 412
    assert (await ask("GET", path)).headers["etag"] == 'W/"2"'


async def test_a_conditional_patch_is_of_one_resource(store):
    known = {"identifier": [{"system": LOCAL, "value": "o1"}]}
    ask, made, one = await with_observation(store, **known)
    asked = f"Observation?identifier={LOCAL}|"
    change = [{"op": "replace", "path": "/status", "value": "amended"}]
    media = {"content_type": "application/json-patch+json"}
    answer = await ask("PATCH", f"{asked}o1", change, **media)
    assert (answer.status_code, answer.json()["id"]) == (200, one["id"])
    assert answer.json()["status"] == "amended"
    assert (await ask("PATCH", f"{asked}o1", change, **media, if_match='W/"1"')).status_code == 412
    assert (await ask("PATCH", f"{asked}none", change, **media)).status_code == 404
    assert (await ask("PATCH", "Observation", change, **media)).status_code == 412
    assert (await ask("PATCH", "Observation?code=x", change, **media)).status_code == 400
    await ask("POST", "Observation", observation(f"Patient/{made['id']}", **known))
    several = await ask("PATCH", f"{asked}o1", change, **media)
    assert several.status_code == 412
    assert several.json()["issue"][0]["code"] == "multiple-matches"
    assert (await ask("DELETE", f"{asked}o1")).status_code == 412


async def test_an_address_that_is_none_is_told_as_an_outcome(store):
    ask = Client(await doorway(store))
    for method, path, status in (
        ("GET", "nothing", 404),
        ("GET", "Patient/$nothing", 404),
        ("GET", "a/b/c/d/e", 404),
        ("POST", "Patient/x/y", 405),
        ("DELETE", "metadata", 405),
        ("PUT", "Patient/1/_history", 405),
        ("POST", "Patient/1", 405),
        ("GET", "Patient/%2e%2e/%2e%2e", 404),
        ("GET", "%00", 404),
    ):
        answer = await ask(method, path, None if method == "GET" else {})
        assert (answer.status_code, answer.json()["resourceType"]) == (status, "OperationOutcome")
