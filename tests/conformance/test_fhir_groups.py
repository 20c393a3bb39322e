"""Groups of several people: written, exported, and searched among; on every store there is."""

import json
from dataclasses import replace

import pytest

from tests.conformance.fhir_server import Client, doorway, patient, someone
from tests.conformance.test_fhir_bulk import exported
from tests.e2e.deliveries import bundle
from tests.e2e.deliveries import condition as feeds_condition
from tests.e2e.deliveries import patient as feeds_patient
from wholerecord.access import Limits
from wholerecord.consent import Role, View
from wholerecord.fhir import Exports
from wholerecord.fhir.searching import MOST_OF_GROUP
from wholerecord.fold import Kind
from wholerecord.intake import Arrival
from wholerecord.record import LogicalId, PatientKey
from wholerecord.worker import prepare_here, settle

PEOPLE = {"Okafor": "9990000018", "Elsewhere": "9990000026", "Third": "9990000034"}


def group_of(*ids, **more):
    member = [{"entity": {"reference": f"Patient/{one}"}} for one in ids]
    return {"resourceType": "Group", "type": "person", "actual": True, "member": member} | more


def condition(subject, text):
    return {
        "resourceType": "Condition",
        "code": {"text": text},
        "subject": {"reference": f"Patient/{subject}"},
    }


async def team(store, tmp_path):
    """Three people, of whom two are in a Group and all but one have gout."""
    ask = Client(await doorway(store), exports=Exports(tmp_path / "exports"))
    ids = []
    for day, (family, number) in enumerate(PEOPLE.items()):
        born = f"195{day}-0{day + 1}-02"
        made = await ask.made(patient(number, name=[{"family": family}], birthDate=born))
        ids.append(made["id"])
    for whose, text in zip((*ids, ids[0]), ("Gout", "Asthma", "Gout", "Vertigo"), strict=True):
        await ask.made(condition(whose, text))
    made = await ask.made(group_of(*ids[:2], name="Ours"))
    return ask, ids, made["id"]


async def found(ask, query):
    answer = await ask("GET", query)
    assert answer.status_code == 200, (query, answer.text)
    entries = answer.json().get("entry", [])
    told = [one["resource"] for one in entries if one["search"]["mode"] == "outcome"]
    matches = [one["resource"] for one in entries if one["search"]["mode"] == "match"]
    return matches, [one["diagnostics"] for each in told for one in each["issue"]]


def words(resources):
    return sorted(one["code"]["text"] for one in resources)


async def test_a_code_is_searched_for_among_the_people_of_a_group(store, tmp_path):
    ask, ids, group = await team(store, tmp_path)
    among = f"patient._has:Group:member:_id={group}"
    for query, expected in {
        f"Condition?{among}": ["Asthma", "Gout", "Vertigo"],
        f"Condition?{among}&code:text=gout": ["Gout"],
        f"Condition?subject:Patient._has:Group:member:_id={group}&code:text=asth": ["Asthma"],
        f"Condition?{among}&patient={ids[0]}": ["Gout", "Vertigo"],
        f"Condition?{among}&patient={ids[2]}": [],
    }.items():
        assert (words((await found(ask, query))[0])) == expected, query
    matches, told = await found(ask, f"Condition?{among}&code:text=gout&_include=Condition:patient")
    assert [one["subject"]["reference"] for one in matches] == [f"Patient/{ids[0]}"]
    assert told == []
    who = f"Patient?_has:Group:member:_id={group}"
    assert {one["id"] for one in (await found(ask, who))[0]} == {*ids[:2]}
    narrowed = f"{who}&_has:Condition:patient:code:text=asthma"
    assert [one["id"] for one in (await found(ask, narrowed))[0]] == [ids[1]]


async def test_each_of_them_is_opened_and_can_see_that_they_were(store, tmp_path):
    ask, ids, group = await team(store, tmp_path)
    versions = await store.newest([("Patient", LogicalId.parse(one)) for one in ids])
    before = [len(await store.openings_of(one.person)) for one in versions]
    await found(ask, f"Condition?patient._has:Group:member:_id={group}&code:text=gout")
    after = [len(await store.openings_of(one.person)) for one in versions]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 0]


async def test_people_not_to_be_seen_are_left_out_and_the_answer_says_so(store, tmp_path):
    ask, _, _ = await team(store, tmp_path)
    body = bundle(feeds_patient("p1", "9990000042"), feeds_condition("c1", "p1"))
    await store.keep(Arrival(source="pas", body=body, name="post"))
    await settle(store, prepare_here)
    theirs = LogicalId.of(PatientKey("pas", "p1").id, "p1").text
    elsewhere = Client(ask.way, someone(organisation="RZZ"))
    known = await elsewhere.made(patient("9990000050", name=[{"family": "Fifth"}]))
    await elsewhere.made(condition(known["id"], "Gout"))
    group = (await elsewhere.made(group_of(known["id"], theirs)))["id"]
    matches, told = await found(elsewhere, f"Condition?patient._has:Group:member:_id={group}")
    assert told == ["Some people of the Group are not shown to you."]
    assert "Stroke" not in json.dumps(matches)


async def test_another_organisations_group_is_nobodys(store, tmp_path):
    ask, _, group = await team(store, tmp_path)
    other = Client(ask.way, someone(organisation="RZZ"), exports=Exports(tmp_path / "other"))
    for named in (group, "none", group[:-1]):
        matches, told = await found(other, f"Condition?patient._has:Group:member:_id={named}")
        assert matches == []
        assert told == ["Nobody is known here as one of that Group."]
    answer = await other("GET", f"Group/{group}/$export", prefer="respond-async")
    assert answer.status_code == 404
    assert (await other("GET", f"Group/{group}")).status_code == 404


async def test_a_group_of_several_is_read_changed_and_exported(store, tmp_path):
    ask, ids, group = await team(store, tmp_path)
    _, _, lines = await exported(ask, f"Group/{group}/$export")
    assert {one["id"] for one in lines["Patient"]} == {*ids[:2]}
    assert words(lines["Condition"]) == ["Asthma", "Gout", "Vertigo"]
    said = (await ask("GET", f"Group/{group}")).json()
    said["member"][1]["inactive"] = True
    assert (await ask("PUT", f"Group/{group}", said)).status_code == 200
    _, _, lines = await exported(ask, f"Group/{group}/$export")
    assert {one["id"] for one in lines["Patient"]} == {ids[0]}
    assert (await ask("DELETE", f"Group/{group}")).status_code == 204
    assert (await ask("GET", f"Group/{group}/$export", prefer="respond-async")).status_code == 404


async def test_a_group_is_not_read_by_whom_anything_of_anybody_in_it_is_withheld_from(
    store, tmp_path
):
    ask, ids, group = await team(store, tmp_path)
    assert (await ask("GET", f"Group/{group}")).status_code == 200
    sealed = condition(ids[1], "Hidden") | {"meta": {"security": [{"code": "sealed"}]}}
    assert (await ask("POST", "Condition", sealed)).status_code == 201
    for path in (f"Group/{group}", f"Group/{group}/_history", f"Group/{group}/_history/1"):
        assert (await ask("GET", path)).status_code == 404, path
    assert "entry" not in (await ask("GET", "Group/_history")).json()
    batch = {
        "resourceType": "Bundle",
        "type": "batch",
        "entry": [{"request": {"method": "GET", "url": f"Group/{group}"}}],
    }
    answer = (await ask("POST", "", batch)).json()
    assert answer["entry"][0]["response"]["status"] == "404 Not Found"
    nurse = Client(ask.way, someone(Role.SOCIAL_WORKER))
    assert (await nurse("GET", f"Group/{group}")).status_code == 404


@pytest.mark.parametrize(
    "entity",
    [{"display": "Grace"}, {"identifier": {"system": "urn:x", "value": "1"}}],
    ids=["a name", "a number"],
)
async def test_a_group_says_of_its_people_only_where_they_are(store, tmp_path, entity):
    ask, ids, _ = await team(store, tmp_path)
    said = group_of(*ids[:2])
    said["member"][0]["entity"] |= entity
    answer = await ask("POST", "Group", said)
    assert answer.status_code == 422
    assert "more than one patient" in answer.text


async def test_more_people_than_a_search_may_open_are_for_an_export(store, tmp_path, monkeypatch):
    ask, _, group = await team(store, tmp_path)
    monkeypatch.setattr("wholerecord.fhir.searching.MOST_OF_GROUP", 1)
    answer = await ask("GET", f"Condition?patient._has:Group:member:_id={group}")
    assert answer.status_code == 400
    assert "export" in answer.text
    assert MOST_OF_GROUP == 200


async def test_an_app_uses_a_group_only_where_it_was_let_in_to_groups(store, tmp_path):
    ask, _, group = await team(store, tmp_path)
    path = f"Condition?patient._has:Group:member:_id={group}&code:text=gout"
    kinds = frozenset({Kind.CONDITION.value})
    for scope, status in (("user/Condition.rs", 403), ("user/Condition.rs user/Group.rs", 200)):
        views = frozenset({View.RECORD, View.FIND})
        limits = Limits(person=None, views=views, kinds=kinds, scope=scope)
        app = Client(ask.way, replace(someone(), limits=limits))
        answer = await app("GET", path)
        assert answer.status_code == status, answer.text
    assert words([one["resource"] for one in answer.json()["entry"]]) == ["Gout"]


async def test_pages_of_a_group_go_on_as_it_stood(store, tmp_path):
    ask, ids, group = await team(store, tmp_path)
    url = f"Condition?patient._has:Group:member:_id={group}&_count=2&_sort=code"
    first = (await ask("GET", url)).json()
    following = next(one["url"] for one in first["link"] if one["relation"] == "next")
    await ask.made(condition(ids[0], "Zoster"))
    second = (await ask("GET", following)).json()
    said = [one["resource"] for page in (first, second) for one in page["entry"]]
    assert words(said) == ["Asthma", "Gout", "Vertigo"]
