"""What a client read in part and writes back as the whole: nothing it was not shown is lost."""

import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, site
from tests.unit.door_web import application_of, client
from tests.unit.test_whereabouts import POSTCODE, STREET, living
from wholerecord.record import LogicalId

FIRST = {"if-match": 'W/"1"'}


async def written(browser, resource):
    made = await browser.post(f"/fhir/{resource['resourceType']}", json=resource)
    assert made.status_code == 201, made.text
    return "/fhir/" + made.headers["location"].partition("/fhir/")[2].partition("/_history")[0]


def nameless(resource):
    return {name: value for name, value in resource.items() if name != "id"}


async def kept(way, address):
    _, _, kind, logical = address.split("/")
    [version] = await way.store.newest([(kind, LogicalId.parse(logical))])
    return version.statement.body.decode()


@pytest.mark.parametrize("stripped", [False, True])
async def test_a_read_without_an_address_that_is_put_back_does_not_delete_the_address(stripped):
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    async with client(application_of(way, person), "DOCTOR") as browser:
        address = await written(browser, nameless(living("x", restricted=True)))
        read = (await browser.get(address)).json()
        assert STREET not in str(read)
        if stripped:
            read = {name: value for name, value in read.items() if name != "meta"}
        answer = await browser.put(address, json=read | {"gender": "other"}, headers=FIRST)
        assert answer.status_code == 422
        assert "not shown to you" in answer.text
        wrapped = {
            "resourceType": "Bundle",
            "type": "transaction",
            "entry": [
                {
                    "resource": read,
                    "request": {
                        "method": "PUT",
                        "url": address[len("/fhir/") :],
                        "ifMatch": 'W/"1"',
                    },
                }
            ],
        }
        assert (await browser.post("/fhir", json=wrapped)).status_code == 422
        patch = [{"op": "add", "path": "/gender", "value": "other"}]
        headers = FIRST | {"content-type": "application/json-patch+json"}
        patched = await browser.patch(address, json=patch, headers=headers)
        assert patched.status_code == 403
    said = await kept(way, address)
    assert STREET in said
    assert POSTCODE in said


async def test_of_somebody_who_is_not_restricted_all_is_shown_and_may_be_replaced():
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    async with client(application_of(way, person), "DOCTOR") as browser:
        address = await written(browser, nameless(living("x", restricted=False)))
        read = (await browser.get(address)).json()
        assert STREET in str(read)
        answer = await browser.put(address, json=read | {"gender": "other"}, headers=FIRST)
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("query", ["_elements=code", "_summary=true", "_summary=data"])
async def test_a_part_that_is_put_back_is_refused(query):
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    async with client(application_of(way, person), "DOCTOR") as browser:
        about = await written(browser, nameless(living("x", restricted=False)))
        noted = {"note": [{"text": "seen at home"}], "subject": {"reference": about[6:]}}
        made = await written(browser, nameless(condition("c9", "p1")) | noted)
        part = (await browser.get(f"{made}?{query}")).json()
        answer = await browser.put(made, json=part)
        assert answer.status_code == 422
        assert "SUBSETTED" in answer.text
    assert "seen at home" in await kept(way, made)
