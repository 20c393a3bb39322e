"""FHIR's terminology operations, by GET and by POST, and asked wrongly."""

import asyncio
import json

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.unit import terms_releases as made
from wholerecord import fhir
from wholerecord.access import Actor
from wholerecord.consent import Role
from wholerecord.terms import Terminology, take_up
from wholerecord.terms.content import ICD10, SNOMED
from wholerecord.terms.loading import read_release
from wholerecord.terms.release import Shelf

CLINICIAN = Actor(id="c1", role=Role.DOCTOR, organisation="X99001", name="A doctor")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("releases")
    shelf = Shelf(folder / "terms")
    shelf.load(read_release("snomed", [made.snomed(folder / "rf2")]))
    (folder / "strokes.csv").write_text(f"code,term\n{made.STROKE},Stroke\n")
    shelf.load(read_release("codelist", [folder / "strokes.csv"]), name="codelist/strokes")
    return folder / "terms"


@pytest.fixture
def loaded(shelf):
    take_up(Terminology.of(shelf))
    yield
    take_up(Terminology())


def ask(method, path, *, signed_in=True, **options):
    async def who_asks(_):
        return CLINICIAN if signed_in else None

    api = fhir.Api(door=lambda _: None, who_asks=who_asks, cursors=fhir.Cursors(b"test"))
    app = Starlette(routes=[Mount("/fhir", routes=fhir.routes(api, "0"))])

    async def asking():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, f"/fhir/{path}", **options)

    return asyncio.run(asking())


def get(path, **query):
    return ask("GET", path, params=query)


def sent(path, body):
    return ask("POST", path, content=body, headers={"content-type": "application/fhir+json"})


def post(path, *parts):
    return sent(path, json.dumps({"resourceType": "Parameters", "parameter": list(parts)}))


def said(response, name):
    assert response.status_code == 200, response.text
    for part in response.json()["parameter"]:
        if part["name"] == name:
            return next(value for key, value in part.items() if key.startswith("value"))
    return None


def codes(response):
    assert response.status_code == 200, response.text
    return [one["code"] for one in response.json()["expansion"].get("contains", [])]


@pytest.mark.usefixtures("loaded")
def test_lookup_says_names_parents_and_version():
    found = get("CodeSystem/$lookup", system=SNOMED, code=made.STROKE)
    assert said(found, "display") == "Stroke"
    assert said(found, "version") == "20260301"
    parts = [one["part"] for one in found.json()["parameter"] if one["name"] == "property"]
    assert [p[1]["valueCode"] for p in parts if p[0]["valueCode"] == "parent"] == [made.FINDING]
    words = [
        p["part"][0]["valueString"] for p in found.json()["parameter"] if p["name"] == "designation"
    ]
    assert words == ["Cerebrovascular accident (disorder)", "CVA"]


@pytest.mark.usefixtures("loaded")
def test_get_and_post_give_the_same_answer():
    asked = [
        {"name": "system", "valueUri": SNOMED},
        {"name": "code", "valueCode": made.OLD_SARCOIDOSIS},
    ]
    by_get = get("CodeSystem/$lookup", system=SNOMED, code=made.OLD_SARCOIDOSIS)
    by_coding = post(
        "CodeSystem/$lookup",
        {"name": "coding", "valueCoding": {"system": SNOMED, "code": made.OLD_SARCOIDOSIS}},
    )
    assert by_get.json() == post("CodeSystem/$lookup", *asked).json() == by_coding.json()
    assert "replacedBy" in by_get.text


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("a", "b", "outcome"),
    [
        (made.STROKE, made.POSTERIOR, "subsumes"),
        (made.POSTERIOR, made.STROKE, "subsumed-by"),
        (made.STROKE, made.STROKE, "equivalent"),
        (made.STROKE, made.SARCOIDOSIS, "not-subsumed"),
    ],
)
def test_subsumes(a, b, outcome):
    found = get("CodeSystem/$subsumes", system=SNOMED, codeA=a, codeB=b)
    assert said(found, "outcome") == outcome


@pytest.mark.usefixtures("loaded")
def test_a_display_that_is_none_of_the_names_is_not_valid():
    right = get("CodeSystem/$validate-code", url=SNOMED, code=made.STROKE, display="cva")
    wrong = get("CodeSystem/$validate-code", url=SNOMED, code=made.STROKE, display="Gout")
    none = get("CodeSystem/$validate-code", url=SNOMED, code="1234567")
    assert [said(one, "result") for one in (right, wrong, none)] == [True, False, False]
    assert said(wrong, "display") == "Stroke"


@pytest.mark.usefixtures("loaded")
def test_a_code_is_valid_in_a_value_set_that_holds_it():
    below = f"{SNOMED}?fhir_vs=ecl/<<{made.STROKE} |Stroke|"
    inside = get("ValueSet/$validate-code", url=below, system=SNOMED, code=made.POSTERIOR)
    outside = get("ValueSet/$validate-code", url=below, system=SNOMED, code=made.SARCOIDOSIS)
    assert (said(inside, "result"), said(outside, "result")) == (True, False)
    listed = get(
        "ValueSet/$validate-code",
        url="urn:wholerecord:codelist:strokes",
        system=SNOMED,
        code=made.STROKE,
    )
    assert said(listed, "result") is True


@pytest.mark.usefixtures("loaded")
def test_expand_pages_and_filters():
    strokes = [made.STROKE, made.ISCHAEMIC, made.CARDIOEMBOLIC, made.POSTERIOR]
    url = f"{SNOMED}?fhir_vs=isa/{made.STROKE}"
    assert codes(get("ValueSet/$expand", url=url)) == strokes
    assert codes(get("ValueSet/$expand", url=url, count=2, offset=1)) == strokes[1:3]
    assert set(codes(get("ValueSet/$expand", url=url, filter="cardio str"))) == set(strokes[2:])
    assert codes(get("ValueSet/$expand", url=f"{SNOMED}?fhir_vs=ecl/<{made.CARDIOEMBOLIC}")) == [
        made.POSTERIOR
    ]
    assert codes(get("ValueSet/$expand", url="urn:wholerecord:codelist:strokes")) == [made.STROKE]
    everything = codes(get("ValueSet/$expand", url=f"{SNOMED}?fhir_vs"))
    assert made.OLD_SARCOIDOSIS in everything
    active = codes(get("ValueSet/$expand", url=f"{SNOMED}?fhir_vs", activeOnly="true"))
    assert made.OLD_SARCOIDOSIS not in active


@pytest.mark.usefixtures("loaded")
def test_expand_takes_a_value_set_that_is_sent():
    value_set = {
        "resourceType": "ValueSet",
        "compose": {
            "include": [
                {
                    "system": SNOMED,
                    "filter": [{"property": "concept", "op": "is-a", "value": made.STROKE}],
                },
                {"system": "http://example.org", "concept": [{"code": "x"}]},
            ],
            "exclude": [{"system": SNOMED, "concept": [{"code": made.POSTERIOR}]}],
        },
    }
    found = post("ValueSet/$expand", {"name": "valueSet", "resource": value_set})
    assert codes(found) == [made.STROKE, made.ISCHAEMIC, made.CARDIOEMBOLIC, "x"]


@pytest.mark.usefixtures("loaded")
def test_translate_goes_forwards_and_backwards():
    there = get("ConceptMap/$translate", system=SNOMED, code=made.SARCOIDOSIS, targetsystem=ICD10)
    assert said(there, "result") is True
    assert '"code":"D869"' in there.text
    back = get("ConceptMap/$translate", system=ICD10, code="D86.9", targetsystem=SNOMED)
    assert back.status_code == 404  # no ICD-10 is loaded, so nothing says that D86.9 is a code
    none = get("ConceptMap/$translate", system=SNOMED, code=made.FINDING, targetsystem=ICD10)
    assert said(none, "result") is False


def test_without_a_release_our_own_value_set_answers_and_the_rest_is_404():
    own = get("CodeSystem/$subsumes", system=SNOMED, codeA=made.STROKE, codeB=made.ISCHAEMIC)
    assert said(own, "outcome") == "subsumes"
    to_icd10 = get("ConceptMap/$translate", system=SNOMED, code=made.STROKE, targetsystem=ICD10)
    assert '"code":"I64"' in to_icd10.text
    unknown = get("CodeSystem/$lookup", system=SNOMED, code=made.POSTERIOR)
    assert unknown.status_code == 404
    assert "no terminology release is loaded" in unknown.text
    assert get("ValueSet/$expand", url=f"{SNOMED}?fhir_vs=isa/{made.STROKE}").status_code == 404


ALL = [f"{kind}/${name}" for kind, name in fhir.terminology.OPERATIONS]


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("path", ALL)
def test_nobody_asks_without_being_signed_in(path):
    assert ask("GET", path, signed_in=False).status_code == 401


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"resourceType":"Patient"}',
        b'{"resourceType":"Parameters","parameter":[{}]}',
        b'{"resourceType":"Parameters","parameter":[{"name":"code","valueCode":7}]}',
        b'{"resourceType":"Parameters","parameter":[{"name":"code","valueQuantity":{}}]}',
        b'{"resourceType":"Parameters","parameter":[{"name":"odd","valueCode":"1"}]}',
        b'{"resourceType":"Parameters","parameter":[{"name":"valueSet","resource":7}]}',
        b'{"resourceType":"Parameters","parameter":[{"name":"code"}]}',
        b'{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"'
        + b"u" * 5000
        + b'"}]}',
        b"\xff\xfe",
        b"[" * 100_000,
        b" " * (1 << 20) + b" ",
    ],
)
def test_a_body_that_asks_nothing_is_refused_with_an_outcome(path, body):
    answer = sent(path, body)
    assert answer.status_code == (413 if len(body) > 1 << 20 else 400)
    assert answer.json()["resourceType"] == "OperationOutcome"


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("CodeSystem/$lookup", {"code": "1"}, 400),
        ("CodeSystem/$lookup", {"system": SNOMED}, 400),
        ("CodeSystem/$lookup", {"system": SNOMED, "code": "1", "coding": "a|b"}, 400),
        ("CodeSystem/$lookup", {"coding": "b"}, 400),
        ("CodeSystem/$lookup", {"system": SNOMED, "code": made.STROKE, "version": "1"}, 404),
        ("CodeSystem/$subsumes", {"codeA": "1", "codingB": "a|1", "system": "b"}, 400),
        ("ValueSet/$expand", {"url": "http://example.org/vs"}, 404),
        ("ValueSet/$expand", {"url": f"{SNOMED}?fhir_vs=refset/1"}, 422),
        ("ValueSet/$expand", {"url": f"{SNOMED}?fhir_vs=ecl/<<1 OR <<2"}, 422),
        ("ValueSet/$expand", {"url": f"{SNOMED}?fhir_vs", "count": "-1"}, 400),
        ("ValueSet/$expand", {"url": f"{SNOMED}?fhir_vs", "activeOnly": "yes"}, 400),
        ("ValueSet/$validate-code", {"url": f"{SNOMED}?fhir_vs", "code": "1"}, 400),
        ("ConceptMap/$translate", {"system": SNOMED, "code": made.STROKE}, 400),
    ],
)
def test_what_is_asked_wrongly_gets_its_status(path, query, status):
    assert get(path, **query).status_code == status


def test_the_capability_statement_lists_each_operation():
    listed = {
        f"{one['type']}/${operation['name']}"
        for one in ask("GET", "metadata").json()["rest"][0]["resource"]
        for operation in one.get("operation", [])
    }
    assert listed >= set(ALL)
