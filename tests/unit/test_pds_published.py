"""What PDS publishes as its answers, served over loopback and read."""

import json
from pathlib import Path

import pytest

from tests.unit.test_pds import ADA, client, number, serving
from wholerecord.intake.pds import Demographic, Nothing, Why
from wholerecord.intake.pds.answer import read

FOLDER = Path(__file__).parents[2] / "../shared/data/pds/karate-tests/src/test/java/mocks/stubs"

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not FOLDER.exists(), reason="the published payloads are not here"),
]
_ERRORS = {
    "RESOURCE_NOT_FOUND": (404, Why.NOBODY),
    "INVALIDATED_RESOURCE": (404, Why.INVALIDATED),
    "TOO_FEW_VALUES_SUBMITTED": (400, Why.TOO_LITTLE),
    "ACCESS_DENIED": (403, Why.NOT_LET),
    "INVALID_RESOURCE_ID": (400, Why.WRONG),
    "INVALID_SEARCH_DATA": (400, Why.WRONG),
    "RESOURCE_VERSION_MISMATCH": (409, Why.CHANGED),
    "PRECONDITION_FAILED": (412, Why.CHANGED),
    "INVALID_UPDATE": (400, Why.REFUSED),
    "FORBIDDEN_UPDATE": (403, Why.REFUSED),
}


def bodies(folder):
    return {path.stem: path.read_bytes() for path in sorted((FOLDER / folder).glob("*.json"))}


@pytest.mark.parametrize("name", _ERRORS)
async def test_each_published_error_says_why(name):
    status, why = _ERRORS[name]
    with serving() as server:
        server.will(status, bodies("errorResponses")[name])
        assert await client(server).read(number(ADA)) == Nothing(why=why)


async def test_every_published_patient_is_somebody_and_a_restricted_one_lives_nowhere():
    patients = bodies("patientResponses")
    assert len(patients) >= 10
    with serving() as server:
        for name, body in patients.items():
            server.answers.clear()
            server.will(200, body)
            one = await client(server).read(number(ADA))
            if name.endswith(json.loads(body).get("id", "?")):
                assert isinstance(one, Demographic), name
                assert one.version
                assert not (one.who.restricted and one.who.addresses), name


def test_every_published_search_is_people_with_scores_or_says_that_there_are_too_many():
    searches = bodies("searchResponses")
    assert len(searches) >= 20
    several = 0
    for name, body in searches.items():
        answer = read(200, body)
        if isinstance(answer, Nothing):
            several += answer.why is Why.SEVERAL
            assert answer.why in {Why.SEVERAL, Why.UNREADABLE, Why.NOBODY}, name
        else:
            assert all(0 < one.score <= 1 for one in answer), name
            assert [one.score for one in answer] == sorted(
                (one.score for one in answer), reverse=True
            )
    assert several == 1
