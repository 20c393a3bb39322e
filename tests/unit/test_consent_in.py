"""Consents taken in: all of what they say becomes rules, or nothing of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.consents import (
    ACT_CODE,
    NOW,
    PERSON,
    REASON,
    decided,
    hidden,
    of_conditions,
    purposes,
)
from tests.unit.door_site import actor
from tests.unit.door_web import application_of, client
from tests.unit.test_shielding import SECRET, titles, world
from wholerecord.access import Refused
from wholerecord.consent import Purpose, Role, Rule, View
from wholerecord.consent.period import Period
from wholerecord.consent.plain import KINDS, LABELS
from wholerecord.consent.stated import stated
from wholerecord.consent.wish import WHOM, Act, What, Wish, rules_of
from wholerecord.errors import Incorrect
from wholerecord.fhir.problem import Problem
from wholerecord.fhir.record.consent import consent
from wholerecord.fhir.record.consent_read import read_consent_of

CARE, OWN = Purpose.DIRECT_CARE, Purpose.OWN_RECORD
THEN = NOW + timedelta(days=90)
SINCE_2010 = Period(first=date(2010, 1, 1))


WISHES = st.builds(
    Wish,
    act=st.sampled_from([Act.HIDE]),
    what=st.just(What.KIND),
    which=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=3, unique=True).map(tuple),
    role=st.none() | st.sampled_from(WHOM),
    organisation=st.sampled_from(["", "RXA"]),
    until=st.none() | st.just(THEN),
    emergency=st.booleans(),
) | st.sampled_from(
    [
        Wish(act=Act.HIDE),
        Wish(act=Act.HIDE, role=Role.RECEPTIONIST),
        Wish(act=Act.HIDE, what=What.LABEL, which=tuple(LABELS)),
        Wish(act=Act.HIDE, what=What.SOURCE, which=("gp",), emergency=True),
        Wish(act=Act.HIDE, what=What.ITEM, which=("12/Condition/c1", "12/Condition/c2")),
        Wish(act=Act.HIDE, what=What.AUTHOR, which=("Dr Ada Byron",), role=Role.DOCTOR),
        Wish(act=Act.HIDE, period=Period(first=date(2010, 1, 1), last=date(2012, 2, 29))),
        Wish(act=Act.HIDE, period=Period(last=date(2012, 2, 29)), emergency=True),
        Wish(
            act=Act.HIDE, what=What.KIND, which=("result",), period=Period(first=date(2010, 1, 1))
        ),
        Wish(act=Act.SHOW, what=What.AUTHOR, which=("Dr Ada Byron",), role=Role.GP),
        Wish(act=Act.SHOW, what=What.LABEL, which=("sexual-health",), role=Role.NURSE),
        Wish(act=Act.CARER, proxy="carol", which=("allergy", "medicine"), until=THEN),
        Wish(act=Act.CARER, proxy="carol"),
        Wish(act=Act.OPT_OUT),
        Wish(act=Act.TYPE_1),
    ]
)


@given(WISHES)
def test_what_goes_out_as_a_consent_comes_back_as_the_same_rules(wish):
    rules = rules_of(wish, PERSON)
    said = read_consent_of(consent(decided(*rules)), NOW)
    assert said.person == PERSON
    assert set(stated(said.rules)) == set(rules)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"class": [{"code": "x"}]}, "class"),
        ({"dataPeriod": {"start": "2020-03-01T10:00:00Z"}}, "dataPeriod"),
        ({"dataPeriod": {"start": "2020", "end": "2019-12"}}, "dataPeriod"),
        ({"dataPeriod": {}}, "dataPeriod"),
        ({"dataPeriod": "2020"}, "dataPeriod"),
        ({"dataPeriod": {"start": "2020", "_end": {}}}, "dataPeriod"),
        ({"dataPeriod": {"start": "2020"}, "type": "permit"}, "dataPeriod"),
        ({"data": [{"meaning": "authoredby", "reference": {"display": "Dr Ada"}}]}, "data"),
        ({"data": [{"meaning": "related", "reference": {"display": "Dr Ada"}}]}, "data"),
        ({"modifierExtension": [{}]}, "modifierExtension"),
        ({"provision": [{"type": "permit"}]}, "provision"),
        ({"purpose": []}, "purpose"),
        ({"purpose": [{"system": REASON, "code": "HMARKT"}]}, "purpose"),
        ({"purpose": purposes("TREAT", "HMARKT")}, "purpose"),
        ({"purpose": ["TREAT"]}, "purpose"),
        ({"actor": [{"reference": {"reference": "Practitioner/1"}}]}, "actor"),
        ({"actor": [{"role": {"coding": [{"code": "PRCP"}]}}]}, "actor"),
        ({"securityLabel": [{"system": ACT_CODE, "code": "HIV"}]}, "securityLabel"),
        ({"code": [{"coding": [{"system": "http://loinc.org", "code": "1"}]}]}, "code"),
        ({"securityLabel": []}, "securityLabel"),
        ({"action": [{"coding": [{"code": "disclose"}]}]}, "action"),
        ({"period": {"end": "2020-01-01"}}, "period"),
        ({"period": {"end": "spring"}}, "period"),
        ({"type": "maybe"}, "type"),
    ],
)
def test_what_cannot_be_kept_as_it_is_said_is_refused_where_it_stands(change, place):
    with pytest.raises(Problem) as refused:
        read_consent_of(hidden(**change), NOW)
    assert refused.value.status == 422
    assert place in refused.value.issues[0].place


@pytest.mark.parametrize(
    "change",
    [
        {"scope": {"coding": [{"code": "research"}]}},
        {"implicitRules": "http://example.org"},
        {"verification": [{"verified": False}]},
        {"policyRule": {"coding": [{"system": ACT_CODE, "code": "EMRGONLY"}]}},
        {"status": "draft"},
        {"patient": {"reference": "https://elsewhere.example/fhir/Patient/1"}},
        {"performer": [{"reference": "RelatedPerson/1"}]},
        {"provision": None},
        {"provision": {"type": "deny", "provision": [{"type": "permit"}]}},
        {"provision": {"type": "permit"}},
        {"category": [{"text": "national data opt-out"}]},
        {"category": "all"},
    ],
)
def test_a_consent_of_which_a_part_is_not_understood_is_refused_whole(change):
    with pytest.raises(Problem):
        read_consent_of(hidden() | change, NOW)


@pytest.mark.parametrize(
    "rule",
    [
        Rule(allow=True, purpose=CARE, person=PERSON, reason="", role=Role.NURSE),
        Rule(allow=True, purpose=Purpose.RESEARCH, person=PERSON, reason="", label="sealed"),
        Rule(allow=True, purpose=OWN, person=PERSON, reason="", role=Role.CARER),
        Rule(allow=False, purpose=OWN, person=PERSON, reason=""),
        Rule(allow=False, purpose=Purpose.SAFETY_REVIEW, person=PERSON, reason=""),
        Rule(allow=False, purpose=CARE, person=PERSON, reason="", role=Role.GOVERNANCE),
        Rule(allow=False, purpose=CARE, person=PERSON, reason="", kind="everything"),
        Rule(allow=False, purpose=Purpose.RESEARCH, person=PERSON, reason="", label="sealed"),
        Rule(allow=False, purpose=Purpose.RESEARCH, person=PERSON, reason="", period=SINCE_2010),
        Rule(allow=True, purpose=CARE, person=PERSON, reason="", label="sealed", period=SINCE_2010),
        Rule(allow=False, purpose=CARE, person=PERSON, reason="", author=""),
        Rule(allow=False, purpose=CARE, person=PERSON, reason="", author="Ada\nByron"),
    ],
)
def test_what_is_not_for_a_person_to_decide_is_refused(rule):
    with pytest.raises(Incorrect):
        stated([rule])


async def test_a_person_hides_replaces_and_ends_by_consents():
    way, person, _ = await world()
    body = of_conditions(person)
    async with client(application_of(way, person), "PATIENT") as browser:
        made = await browser.post("/record/fhir/Consent", json=body)
        assert made.status_code == 201, made.text
        assert SECRET not in await titles(way, person, Role.NURSE, CARE)
        address = made.headers["location"].partition("/record/")[2]
        read = await browser.get(f"/record/{address}")
        assert read.json() == made.json()
        nurse = {"coding": [{"system": "https://wholerecord.example/CodeSystem/role"}]}
        nurse["coding"][0]["code"] = "nurse"
        [deny] = body["provision"]["provision"]
        deny["actor"] = [{"role": nurse, "reference": {"display": "nurses"}}]
        logical = made.json()["id"]
        other = await browser.put(f"/record/{address}", json=body | {"id": logical})
        assert other.status_code == 200, other.text
        assert SECRET not in await titles(way, person, Role.NURSE, CARE)
        assert SECRET in await titles(way, person, Role.DOCTOR, CARE)
        again = await browser.put(f"/record/{address}", json=body | {"id": logical})
        assert again.status_code == 404  # it was replaced
        last = other.json()["id"]
        over = other.json() | {"status": "inactive"}
        assert (await browser.put(f"/record/fhir/Consent/{last}", json=over)).status_code == 200
        assert SECRET in await titles(way, person, Role.NURSE, CARE)
        assert (await browser.get("/record/fhir/Consent/preference-99")).status_code == 404


async def test_reception_writes_down_what_narrows_and_reads_nothing_of_it():
    way, person, _ = await world()
    body = of_conditions(person)
    async with client(application_of(way, person), "RECEPTIONIST") as browser:
        made = await browser.post("/record/fhir/Consent", json=body)
        assert made.status_code == 201, made.text
        assert SECRET not in await titles(way, person, Role.NURSE, CARE)
        body["provision"]["provision"][0]["type"] = "permit"
        assert (await browser.post("/record/fhir/Consent", json=body)).status_code == 400
        asked = {"patient": person}
        assert (await browser.get("/record/fhir/Consent", params=asked)).status_code == 403
        logical = made.json()["id"]
        assert (await browser.get(f"/record/fhir/Consent/{logical}")).status_code == 404
        over = made.json() | {"status": "inactive"}
        ended = await browser.put(f"/record/fhir/Consent/{logical}", json=over)
        assert ended.status_code == 403
    looks = await way.store.openings_of(person)
    assert any(one.role == "receptionist" and one.view == "rules" for one in looks)
    carer = await way.store.add_rule(
        Rule(
            allow=True,
            purpose=OWN,
            role=Role.CARER,
            view=View.OPENINGS,
            person=person,
            reason="may see who looked",
        )
    )
    seen = await way.door(actor(Role.CARER)).who_looked(person, purpose=OWN)
    assert carer.n
    assert not isinstance(seen, Refused)
    assert "rules" not in {one.view for one in seen}


@pytest.mark.parametrize("who", ["CARER", "DOCTOR", "GOVERNANCE", "SYSTEM"])
async def test_nobody_else_decides_for_a_person(who):
    way, person, _ = await world()
    body = of_conditions(person)
    async with client(application_of(way, person), who) as browser:
        assert (await browser.post("/record/fhir/Consent", json=body)).status_code == 403
    assert SECRET in await titles(way, person, Role.NURSE, CARE)


async def test_a_consent_about_privacy_is_no_statement():
    way, person, _ = await world()
    async with client(application_of(way, person), "DOCTOR") as browser:
        filed = await browser.post("/fhir/Consent", json=hidden())
        assert filed.status_code == 422
        assert "/record/fhir/Consent" in filed.text
