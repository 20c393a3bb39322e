"""PDS asked to change somebody: only as they were read, and nothing twice."""

import json
from typing import Any

import pytest

from tests.unit.test_pds import ADA, Server, client, number, outcome, person, serving
from wholerecord.intake.pds import Change, Demographic, Nothing, Why

FEMALE = Change(op="replace", path="/gender", value="female")


@pytest.fixture
def server():
    with serving() as one:
        yield one


async def known(server: Server, version: str = "2") -> Demographic:
    server.answers.clear()
    server.will(200, person(), ETag=f'W/"{version}"')
    one = await client(server).read(number(ADA))
    assert isinstance(one, Demographic)
    server.answers.clear()
    server.asked.clear()
    return one


async def test_a_change_names_the_version_that_was_read(server: Server):
    one = await known(server, "7")
    server.will(200, person() | {"gender": "female"}, ETag='W/"8"')

    changed = await client(server).update(one, [FEMALE, Change(op="remove", path="/name/0")])

    assert isinstance(changed, Demographic)
    assert (changed.version, changed.who.sex) == ("8", "female")
    [(path, _, headers)] = server.asked
    assert path == f"/FHIR/R4/Patient/{ADA}"
    assert headers["If-Match"] == 'W/"7"'
    assert headers["Content-Type"] == "application/json-patch+json"
    assert json.loads(server.sent[-1]) == {
        "patches": [
            {"op": "replace", "path": "/gender", "value": "female"},
            {"op": "remove", "path": "/name/0"},
        ]
    }


async def test_without_a_version_nothing_is_sent(server: Server):
    server.will(200, person() | {"meta": {}})
    one = await client(server).read(number(ADA))
    assert isinstance(one, Demographic)
    server.asked.clear()

    assert await client(server).update(one, [FEMALE]) == Nothing(why=Why.CHANGED)
    assert server.asked == []


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (409, outcome("RESOURCE_VERSION_MISMATCH"), Why.CHANGED),
        (412, outcome("PRECONDITION_FAILED"), Why.CHANGED),
        (409, b"", Why.CHANGED),
        (400, outcome("INVALID_UPDATE"), Why.REFUSED),
        (403, outcome("FORBIDDEN_UPDATE"), Why.REFUSED),
        (400, outcome("INVALID_VALUE"), Why.WRONG),
        (404, outcome("INVALIDATED_RESOURCE"), Why.INVALIDATED),
        (503, b"", Why.SILENT),
    ],
)
async def test_a_change_that_was_not_made_says_why(
    server: Server, status: int, body: Any, why: Why
):
    one = await known(server)
    server.will(status, body)

    assert await client(server).update(one, [FEMALE]) == Nothing(why=why)
    assert len(server.asked) == 1


async def test_a_server_that_was_told_of_another_change_first_keeps_it(server: Server):
    one = await known(server)
    server.holds = "3"

    assert await client(server).update(one, [FEMALE]) == Nothing(why=Why.CHANGED)

    server.answers.clear()
    server.holds = "2"
    server.will(200, person(), ETag='W/"3"')
    assert isinstance(await client(server).update(one, [FEMALE]), Demographic)


def test_no_value_of_a_change_reaches_a_log():
    assert "female" not in repr(FEMALE)
