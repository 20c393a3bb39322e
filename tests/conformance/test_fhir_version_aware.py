"""A Patient is changed only by who names the version that was read, however it is sent."""

import asyncio
from typing import Any

import pytest

from tests.conformance.fhir_server import Client, doorway, patient

LOCAL = "urn:local"
PATCH = {"content_type": "application/json-patch+json"}
GENDER = [{"op": "add", "path": "/gender", "value": "other"}]


def entry(method: str, url: str, resource: Any, **request: str) -> dict[str, Any]:
    return {"request": {"method": method, "url": url} | request, "resource": resource}


def bundle(kind: str, *entries: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


async def test_a_patient_is_not_replaced_or_patched_without_its_version(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    path = f"Patient/{made['id']}"
    for answer in (
        await ask("PUT", path, patient(id=made["id"], gender="other")),
        await ask("PATCH", path, GENDER, **PATCH),
    ):
        assert answer.status_code == 428, answer.text
        assert answer.json()["issue"][0]["code"] == "required"
        assert "If-Match" in answer.json()["issue"][0]["diagnostics"]
    assert (await ask("GET", path)).headers["etag"] == 'W/"1"'


async def test_a_version_that_is_not_the_newest_changes_nothing(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    path, said = f"Patient/{made['id']}", patient(id=made["id"], gender="other")
    assert (await ask("PUT", path, said, if_match='W/"1"')).headers["etag"] == 'W/"2"'
    for old in ('W/"1"', 'W/"3"'):
        assert (await ask("PUT", path, said, if_match=old)).status_code == 412
        assert (await ask("PATCH", path, GENDER, **PATCH, if_match=old)).status_code == 412
    assert (await ask("PUT", path, said, if_match="2")).status_code == 400
    answer = await ask("PATCH", path, GENDER, **PATCH, if_match='W/"2"')
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"3"'), answer.text


async def test_of_those_who_change_one_version_at_once_one_does(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    path = f"Patient/{made['id']}"
    said = [patient(id=made["id"], birthDate=f"19{n}-01-01") for n in range(50, 56)]
    answers = await asyncio.gather(*(ask("PUT", path, one, if_match='W/"1"') for one in said))
    assert sorted(one.status_code for one in answers) == [200] + [412] * 5
    assert (await ask("GET", path)).headers["etag"] == 'W/"2"'


@pytest.mark.parametrize("kind", ["batch", "transaction"])
async def test_in_a_bundle_the_entry_names_the_version(store, kind):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    path, said = f"Patient/{made['id']}", patient(id=made["id"], gender="other")
    for named, status in (({}, 428), ({"ifMatch": 'W/"9"'}, 412), ({"ifMatch": 'W/"1"'}, 200)):
        answer = await ask("POST", "", bundle(kind, entry("PUT", path, said, **named)))
        told = answer.status_code
        if told == 200:
            told = int(answer.json()["entry"][0]["response"]["status"][:3])
        assert told == status, answer.text


async def test_who_is_found_by_identifier_is_replaced_without_a_version(store):
    """As a feed does, which sends all it knows and keeps no versions; a named one still counts."""
    ask = Client(await doorway(store))
    said = patient(identifier=[{"system": LOCAL, "value": "p1"}])
    url = f"Patient?identifier={LOCAL}|p1"
    assert (await ask("PUT", url, said)).status_code == 201
    assert (await ask("PUT", url, said | {"gender": "other"})).status_code == 200
    assert (await ask("PUT", url, said, if_match='W/"1"')).status_code == 412
    assert (await ask("PATCH", url, GENDER, **PATCH)).status_code == 428
    assert (await ask("PATCH", url, GENDER, **PATCH, if_match='W/"2"')).status_code == 200


async def test_the_capability_statement_says_whose_version_is_to_be_named(store):
    ask = Client(await doorway(store))
    said = (await ask("GET", "metadata")).json()["rest"][0]["resource"]
    versioning = {one["type"]: one["versioning"] for one in said}
    assert versioning["Patient"] == "versioned-update"
    assert versioning["Observation"] == "versioned"
