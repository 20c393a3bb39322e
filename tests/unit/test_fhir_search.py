"""FHIR search over a small world: a table of questions and answers, and what is refused."""

import pytest

from tests.unit.fhir_world import AROUND, BASE, NHS, SNOMED, UCUM, WORLD, ids
from wholerecord.errors import Incorrect
from wholerecord.fhir.search.around import Malformed
from wholerecord.fhir.search.filters import in_compartment
from wholerecord.fhir.search.include import included
from wholerecord.fhir.search.read import read
from wholerecord.fhir.search.select import select
from wholerecord.fhir.search.world import World

#: Each question, and what it finds.
FOUND = {
    # token
    "Condition?code=422504002": "stroke",
    f"Condition?code={SNOMED}|422504002": "stroke",
    "Condition?code=|422504002": "",
    f"Condition?code={SNOMED}|": "stroke gout",
    "Condition?code=422504002,90560007": "stroke gout",
    "Condition?code=422504002&code=90560007": "",
    "Condition?code:not=422504002": "gout",
    "Condition?code:text=CVA": "stroke",
    "Condition?code:text=left": "stroke",
    "Condition?code:text=eft": "",
    f"Condition?code:below={SNOMED}|230690007": "stroke",
    f"Condition?code:above={SNOMED}|422504002": "stroke",
    "Condition?code:in=urn:example:strokes": "stroke",
    "Condition?code:not-in=urn:example:strokes": "gout",
    "Patient?gender=female": "ada",
    "Patient?gender=http://hl7.org/fhir/administrative-gender|female": "ada",
    "Patient?gender:not=female": "bo",
    "Patient?active=true": "ada",
    "Patient?deceased=true": "bo",
    "Patient?phone=07700900123": "ada",
    f"Patient?identifier={NHS}|9990000018": "ada",
    "Patient?identifier:of-type=urn:types|NH|9990000018": "ada",
    "Patient?identifier:of-type=urn:types|MR|9990000018": "",
    "Patient?identifier:missing=true": "bo",
    "Patient?identifier:missing=false": "ada",
    # string
    "Patient?family=bront": "ada",
    "Patient?family=ronte": "",
    "Patient?family:contains=RONT": "ada",
    "Patient?family:exact=Bronte": "",
    "Patient?family:exact=Brontë": "ada",
    "Patient?name=zoe": "ada",
    "Patient?_text=garden": "ada",
    "Patient?_content=quiet,stormy": "ada",
    "Condition?_content=ischaemic stroke": "stroke",
    # date
    "Patient?birthdate=1948-03-02": "ada",
    "Patient?birthdate=1948": "ada bo",
    "Patient?birthdate=1948-03": "ada",
    "Patient?birthdate=ne1948-03-02": "bo",
    "Patient?birthdate=gt1948-03-01": "ada bo",
    "Patient?birthdate=sa1948-03-01": "ada",
    "Patient?birthdate=eb1948-03-03": "ada",
    "Patient?birthdate=lt1948-03-02": "bo",
    "Patient?birthdate=ge1948&birthdate=le1948": "ada bo",
    "Patient?birthdate=ap1950": "ada bo",
    "Condition?onset-date=2024": "stroke",
    "Condition?onset-date=gt2030": "gout",
    "Observation?date=2026-01-14T10:00": "k",
    "Observation?date=2026-01-14T10:00:00%2B00:00".replace("%2B", "+"): "k",
    "Encounter?date=ge2024-05-09": "e1",
    "Encounter?date=sa2024-05-09": "",
    # number and quantity
    "RiskAssessment?probability=0.8": "risk",
    "RiskAssessment?probability=gt0.8": "",
    "RiskAssessment?probability=ge0.8": "risk",
    "RiskAssessment?probability=0.85": "",
    "RiskAssessment?probability=ap0.85": "risk",
    "Observation?value-quantity=5.4": "k",
    f"Observation?value-quantity=5.4|{UCUM}|mmol/L": "k",
    f"Observation?value-quantity=5400|{UCUM}|umol/L": "k",
    f"Observation?value-quantity=gt4500|{UCUM}|umol/L": "k",
    f"Observation?value-quantity=5.4|{UCUM}|mg/L": "",
    "Observation?value-quantity=5.4||mmol/L": "k",
    "Observation?value-quantity=6": "",
    "Observation?value-quantity=lt2": "low",
    # reference
    "Condition?subject=Patient/ada": "stroke",
    "Condition?subject=ada": "stroke",
    f"Condition?subject={BASE}/Patient/ada": "stroke",
    "Condition?subject:Patient=ada": "stroke",
    "Condition?patient=ada": "stroke",
    "Condition?subject=Group/ada": "",
    f"Encounter?subject:identifier={NHS}|9990000018": "e1",
    # uri
    "ValueSet?url=http://x.example/sets/strokes/left": "vs",
    "ValueSet?url=http://x.example/sets": "",
    "ValueSet?url:below=http://x.example/sets": "vs",
    "ValueSet?url:below=http://x.example/se": "",
    "ValueSet?url:above=http://x.example/sets/strokes/left/upper": "vs",
    # composite
    "Observation?component-code-value-quantity=8480-6$gt140": "bp",
    "Observation?component-code-value-quantity=8462-4$gt140": "",
    "Observation?code-value-quantity=2823-3$gt5": "k",
    # special
    "Location?near=53.7|-1.5|20|km": "leeds",
    "Location?near=51.5|-0.1|20|km": "",
    # of every resource
    "Patient?_id=ada,bo": "ada bo",
    "Patient?_lastUpdated=gt2026-01-01": "ada",
    "Patient?_profile=http://uk.example/Patient": "ada",
    "Patient?_security=urn:conf|R": "ada",
    "Patient?_tag=blue": "ada",
    "Patient?_source=urn:source:gp": "ada",
    "Condition?_list=problems": "gout",
    # chains
    "Condition?subject.family=bronte": "stroke",
    "Condition?subject:Patient.family=bronte": "stroke",
    "Condition?patient.general-practitioner.name=aire": "stroke",
    "Condition?patient.general-practitioner:Organization.name=aire": "stroke",
    "Condition?patient.organization.name=aire": "",
    "Condition?patient.general-practitioner:Organization.partof.name=west": "stroke",
    "Patient?_has:Condition:patient:code=422504002": "ada",
    "Patient?_has:Condition:patient:code=1": "",
    "Encounter?_has:Condition:encounter:_has:Provenance:target:agent=Organization/gp": "e1",
    # order
    "Patient?_sort=birthdate": "bo ada",
    "Patient?_sort=-birthdate": "bo ada",
    "Patient?_sort=family": "ada bo",
    "Observation?_sort=-date": "k2 k low bp",
    "Observation?_sort=value-quantity&code=2823-3": "k2 k",
}


@pytest.mark.parametrize("query", FOUND)
def test_a_question_finds_what_the_table_says(query):
    assert " ".join(ids(query)) == FOUND[query]


#: What is refused, and the parameter that is named.
REFUSED = {
    "Patient?colour=blue": "colour",
    "Patient?family:text=x": "family:text",
    "Patient?gender:exact=x": "gender:exact",
    "Patient?birthdate=yesterday": "birthdate",
    "Patient?birthdate=2026-02-30": "birthdate",
    "Patient?birthdate=1948-03-02,": "birthdate",
    "Patient?identifier=": "identifier",
    "Patient?identifier=|": "identifier",
    "Patient?identifier=a|b|c": "identifier",
    "Patient?identifier:of-type=a|b": "identifier:of-type",
    "Patient?identifier:missing=perhaps": "identifier:missing",
    "Patient?family=": "family",
    "RiskAssessment?probability=often": "probability",
    "RiskAssessment?probability=1e9999": "probability",
    "RiskAssessment?probability=Infinity": "probability",
    "Observation?value-quantity=5|mmol": "value-quantity",
    "Observation?code-value-quantity=8480-6": "code-value-quantity",
    "Observation?code:in=urn:nowhere": "code:in",
    "Condition?subject=": "subject",
    "Condition?subject:Patient=Group/1": "subject:Patient",
    "Condition?subject:Medication=1": "subject:Medication",
    "Condition?code.text=x": "code.text",
    "Condition?subject.colour=blue": "subject.colour",
    "Condition?subject:Medication.code=1": "subject.code",
    "Patient?_has:Condition:code=1": "_has:Condition:code",
    "Patient?_has:Nothing:patient:code=1": "_has:Nothing:patient:code",
    "Patient?_has:Condition:encounter:code=1": "_has:Condition:encounter:code",
    "Patient?_list=../x": "_list",
    "Patient?_sort=colour": "_sort",
    "Location?_sort=near": "_sort",
    "Patient?_count=-1": "_count",
    "Patient?_count=many": "_count",
    "Patient?_total=roughly": "_total",
    "Patient?_summary=most": "_summary",
    "Patient?_summary=text&_revinclude=Condition:subject": "_summary",
    "Patient?_include=Patient": "_include",
    "Patient?_include=Patient:gender": "_include",
    "Patient?_include=Patient:organization:Medication": "_include",
    "Patient?_revinclude=Nothing:patient": "_revinclude",
    "Patient?_elements=a.b": "_elements",
    "Patient?_filter=name eq x": "_filter",
    "Patient?_query=x": "_query",
    "Location?near=here": "near",
    "Location?near=nan|0": "near",
    "Location?near=0|0|1|lightyears": "near",
}


@pytest.mark.parametrize("query", REFUSED)
def test_what_is_wrong_is_refused_and_the_parameter_is_named(query):
    with pytest.raises(Malformed) as refused:
        ids(query)
    assert refused.value.parameter == REFUSED[query]


def test_a_refusal_does_not_repeat_the_value():
    with pytest.raises(Malformed) as refused:
        ids("Patient?birthdate=OKAFOR")
    assert "OKAFOR" not in str(refused.value)


def test_what_costs_too_much_is_refused():
    deep = "Organization?" + "partof." * 6 + "name=x"
    many = "Patient?_id=" + ",".join(str(n) for n in range(300))
    for query in (deep, many, "Patient?" + "&".join(["_id=1"] * 60), "Patient?_id=" + "x" * 5000):
        with pytest.raises(Incorrect):
            ids(query)


def test_lenient_handling_names_what_it_leaves_out_and_reads_the_rest():
    plan = read("Patient", [("colour", "blue"), ("family", "bronte")], AROUND, strict=False)
    assert plan.ignored == ("colour",)
    assert [held.id for held in select(plan, WORLD)] == ["ada"]
    with pytest.raises(Malformed):
        read("Patient", [("birthdate", "x")], AROUND, strict=False)


def give(query, *more):
    kind, _, rest = query.partition("?")
    pairs = [tuple(one.split("=", 1)) for one in rest.split("&")]
    plan = read(kind, [*pairs, *more], AROUND)
    return [held.id for held in included(select(plan, WORLD), plan.includes, WORLD).held]


def test_an_include_follows_references_and_never_repeats_a_match():
    assert give("Condition?_id=stroke&_include=Condition:subject") == ["ada"]
    assert give("Condition?_id=stroke&_include=Condition:subject:Group") == []
    assert give("Condition?_id=stroke&_include=*") == ["ada", "e1"]
    assert give("Condition?_id=stroke&_include=Encounter:subject") == []
    assert give("Observation?_id=low,k&_include=Observation:has-member") == []


def test_an_include_goes_on_from_what_is_included_only_when_asked():
    one = "Condition?_id=stroke&_include=Condition:subject&_include{}=Patient:organization"
    assert give(one.format("")) == ["ada"]
    two = "Condition?_id=stroke&_include=Condition:subject&_include{}=Patient:general-practitioner"
    assert give(two.format(":iterate")) == ["ada", "gp"]
    three = f"{two.format(':iterate')}&_include:iterate=Organization:partof"
    assert give(three) == ["ada", "gp", "icb"]


def test_a_revinclude_gives_what_refers_to_the_matches():
    assert give("Condition?_id=stroke&_revinclude=Provenance:target") == ["said"]
    assert give("Patient?_id=ada&_revinclude=Condition:subject") == ["stroke"]
    assert "bp" in give("Patient?_id=ada&_revinclude=*")


def test_a_circle_of_references_ends():
    circle = [
        {"resourceType": "Organization", "id": str(n), "partOf": {"reference": f"Organization/{m}"}}
        for n, m in ((1, 2), (2, 3), (3, 1))
    ]
    pairs = [("_id", "1"), ("_include:iterate", "Organization:partof")]
    world, plan = World.of(circle), read("Organization", pairs, AROUND)
    found = included(select(plan, world), plan.includes, world)
    assert [held.id for held in found.held] == ["2", "3"]


def test_what_is_included_is_capped_and_says_so(monkeypatch):
    monkeypatch.setattr("wholerecord.fhir.search.include.MOST", 1)
    plan = read("Condition", [("_id", "stroke"), ("_include", "*")], AROUND)
    found = included(select(plan, WORLD), plan.includes, WORLD)
    assert (len(found.held), found.cut) == (1, True)


def test_a_compartment_has_what_its_definition_says():
    def inside(kind, owner="ada"):
        plan = read(kind, [], AROUND, also=[in_compartment("Patient", owner, kind, AROUND)])
        return [held.id for held in select(plan, WORLD)]

    assert inside("Condition") == ["stroke"]
    assert inside("Observation") == ["k", "k2", "low", "bp"]
    assert inside("Patient") == ["ada"]
    assert inside("Organization") == []
    assert inside("Condition", "bo") == []


def test_what_is_said_in_a_shape_that_fhir_has_not_is_searched_without_an_error():
    odd = {
        "resourceType": "Patient",
        "id": 7,
        "name": "Ada",
        "birthDate": {"x": 1},
        "identifier": [None, "x", {"value": 5}],
        "telecom": {"system": "phone"},
        "managingOrganization": ["x"],
        "meta": [],
        "text": "words",
    }
    world = World.of([odd, {}])
    for query in ("name=a", "birthdate=2020", "identifier=5", "phone=1", "_text=a", "_content=b"):
        assert ids(f"Patient?{query}", world) == []
    assert ids("Patient?_sort=name,-birthdate", world) == ["7"]


def test_a_chain_leads_into_what_is_contained_and_only_there():
    def order(id, *contained):
        return {
            "resourceType": "MedicationRequest",
            "id": id,
            "medicationReference": {"reference": "#m"},
            "contained": [*contained],
        }

    def medicine(code, kind="Medication"):
        return {"resourceType": kind, "id": "m", "code": {"coding": [{"code": code}]}}

    world = World.of(
        [
            order("a", medicine("387207008")),
            order("b", medicine("372687004")),
            order("c", medicine("387207008", "Substance")),
            order("d"),
            {**medicine("387207008"), "id": "m"},
        ]
    )

    def found(asked):
        name, _, value = asked.partition("=")
        plan = read("MedicationRequest", [(name, value)], AROUND)
        return " ".join(held.id for held in select(plan, world))

    assert found("medication.code=387207008") == "a"
    assert found("medication:Medication.code=372687004") == "b"
    assert found("medication.code:missing=true") == ""
    assert found("medication=m") == ""


def test_the_same_question_of_one_world_is_answered_the_same_and_another_otherwise():
    def asked(query):
        kind, _, rest = query.partition("?")
        pairs = [tuple(one.split("=", 1)) for one in rest.split("&")]
        plan = read(kind, pairs, AROUND)
        return [held.id for held in select(plan, WORLD)]

    up, down = asked("Condition?_sort=onset-date"), asked("Condition?_sort=-onset-date")
    assert up == asked("Condition?_sort=onset-date")
    assert sorted(up) == sorted(down)
    assert asked("Condition?code:missing=true") == []
    assert asked("Condition?code:missing=false") == asked("Condition?code:missing=false") != []
    assert asked("Condition?code=422504002") != asked("Condition?code:not=422504002")
    assert asked("Condition?code=422504002") == asked("Condition?code:in=urn:example:strokes")
