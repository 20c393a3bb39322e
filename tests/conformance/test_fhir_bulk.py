"""Everything of one person, and of many: `$everything`, `$lastn`, `$meta`, `$export`."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.conformance.fhir_server import Client, doorway, observation, patient, someone
from tests.e2e.deliveries import bundle, condition
from tests.e2e.deliveries import patient as feeds_patient
from tests.unit.door_site import SECRET, secret
from wholerecord.consent import Role
from wholerecord.consent.wish import Act, What, Wish, rules_of
from wholerecord.fhir import Exports
from wholerecord.intake import Arrival
from wholerecord.people.search import Search
from wholerecord.worker import prepare_here, settle

LATER = {"prefer": "respond-async"}


async def grace(ask, *values):
    """Somebody with these results; her id and theirs."""
    made = await ask.made(patient())
    subject = f"Patient/{made['id']}"
    results = [
        (await ask("POST", "Observation", observation(subject, one))).json() for one in values
    ]
    return made["id"], [one["id"] for one in results]


def resources(answer):
    assert answer.status_code == 200, answer.text
    return [one["resource"] for one in answer.json().get("entry", [])]


async def exported(ask, path="$export", **headers):
    """The manifest, when it is done, and each file's lines."""
    began = await ask("GET", path, **LATER, **headers)
    assert began.status_code == 202, began.text
    at = began.headers["content-location"].partition("/fhir/")[2]
    for _ in range(200):
        answer = await ask("GET", at)
        if answer.status_code != 202:
            break
        assert answer.headers["x-progress"]
        await asyncio.sleep(0.01)
    assert answer.status_code == 200, answer.text
    manifest = answer.json()
    lines = {}
    for one in (*manifest["output"], *manifest["deleted"]):
        file = await ask("GET", one["url"].partition("/fhir/")[2])
        assert file.headers["content-type"].startswith("application/fhir+ndjson")
        lines[one["type"]] = [json.loads(line) for line in file.content.splitlines()]
        assert len(lines[one["type"]]) == one["count"]
    return at, manifest, lines


async def test_everything_is_all_that_was_said_whole_or_by_pages(store):
    ask = Client(await doorway(store))
    hers, results = await grace(ask, *(f"{n}.50" for n in range(1, 8)))
    await ask("DELETE", f"Observation/{results[0]}")
    whole = resources(await ask("GET", f"Patient/{hers}/$everything"))
    assert [one["id"] for one in whole] == [hers, *results[1:]]
    paged, path = [], f"Patient/{hers}/$everything?_count=3"
    while path:
        answer = await ask("GET", path)
        paged += resources(answer)
        links = {one["relation"]: one["url"] for one in answer.json()["link"]}
        path = links.get("next", "").partition("/fhir/")[2]
    assert paged == whole
    only = resources(await ask("GET", f"Patient/{hers}/$everything?_type=Patient"))
    assert [one["id"] for one in only] == [hers]
    since = whole[-1]["meta"]["lastUpdated"]
    late = resources(await ask("GET", f"Patient/{hers}/$everything?_since={since}"))
    assert whole[-1]["id"] in [one["id"] for one in late]
    assert hers not in [one["id"] for one in late]


async def test_what_changes_between_two_pages_leaves_nothing_out(store):
    ask = Client(await doorway(store))
    hers, results = await grace(ask, "1.0", "2.0", "3.0", "4.0")
    first = await ask("GET", f"Patient/{hers}/$everything?_count=2")
    [following] = [one["url"] for one in first.json()["link"] if one["relation"] == "next"]
    changed = observation(f"Patient/{hers}", "9.0", id=results[0])
    assert (await ask("PUT", f"Observation/{results[0]}", changed)).status_code == 200
    rest = resources(await ask("GET", following.partition("/fhir/")[2] + "&_count=100"))
    assert [one["id"] for one in rest] == [*results[1:], results[0]]


@pytest.mark.parametrize(
    "query", ["_count=x", "_since=2024", "_type=Nobody", "colour=1", "_after=x"]
)
async def test_a_wrong_parameter_of_everything_is_told(store, query):
    ask = Client(await doorway(store))
    hers, _ = await grace(ask)
    assert (await ask("GET", f"Patient/{hers}/$everything?{query}")).status_code == 400


async def test_lastn_has_the_newest_of_each_sort(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    subject = f"Patient/{made['id']}"
    for day, code in ((1, "a"), (3, "a"), (2, "a"), (1, "b")):
        said = {
            "code": {"coding": [{"system": "http://x.example", "code": code}]},
            "effectiveDateTime": f"2026-03-0{day}",
        }
        assert (await ask("POST", "Observation", observation(subject, **said))).status_code == 201
    path = f"Observation/$lastn?patient={subject}"
    newest = resources(await ask("GET", path))
    assert [one["effectiveDateTime"] for one in newest] == ["2026-03-03", "2026-03-01"]
    assert len(resources(await ask("GET", f"{path}&max=2"))) == 3
    assert len(resources(await ask("GET", f"{path}&code=http://x.example|b&max=2"))) == 1
    assert b'"value":4.50' in (await ask("GET", path)).content
    assert (await ask("GET", "Observation/$lastn")).status_code == 400
    assert (await ask("GET", f"{path}&colour=x")).status_code == 400


async def test_meta_is_what_the_resource_has(store):
    ask = Client(await doorway(store))
    hers, _ = await grace(ask)
    [said] = (await ask("GET", f"Patient/{hers}/$meta")).json()["parameter"]
    assert said["valueMeta"]["versionId"] == "1"


async def test_an_export_has_everybody_and_is_for_whoever_asked(store, tmp_path):
    way, exports = await doorway(store), Exports(tmp_path / "exports")
    ask, other = Client(way, exports=exports), Client(way, someone(Role.GP), exports=exports)
    hers, results = await grace(ask, "4.50")
    assert (await ask("GET", "$export")).status_code == 400
    at, manifest, lines = await exported(ask)
    assert manifest["requiresAccessToken"] is True
    assert {kind: [one["id"] for one in said] for kind, said in lines.items()} == {
        "Observation": results,
        "Patient": [hers],
    }
    assert (await other("GET", at)).status_code == 404
    assert (await other("GET", f"{at}/Patient")).status_code == 404
    assert (await ask("GET", f"{at}/Nothing")).status_code == 404
    assert (await ask("GET", f"{at}/../Patient")).status_code == 404
    looks = [one for one in await store.openings(limit=10_000) if one.part == "$export"]
    assert {(one.actor, one.allowed) for one in looks} == {("DOCTOR", True)}
    assert sorted(one.view for one in looks) == ["find", "record"]  # the directory, and hers
    [folder] = (tmp_path / "exports").iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (await ask("DELETE", at)).status_code == 202
    assert (await ask("GET", at)).status_code == 404
    assert not [*(tmp_path / "exports").iterdir()]


async def test_an_export_of_the_system_has_the_directory_and_one_of_patients_has_not(
    store, tmp_path
):
    ask = Client(await doorway(store), exports=Exports(tmp_path / "exports"))
    await grace(ask, "4.50")
    nurse = await ask.made({"resourceType": "Practitioner", "name": [{"family": "Lee"}]})
    gone = await ask.made({"resourceType": "Location", "name": "Bay 4"})
    assert (await ask("DELETE", f"Location/{gone['id']}")).status_code == 204
    *_, lines = await exported(ask)
    assert lines["Practitioner"] == [nurse]
    assert lines.keys() == {"Observation", "Patient", "Practitioner"}
    *_, lines = await exported(ask, "$export?_type=Practitioner")
    assert lines == {"Practitioner": [nurse]}
    *_, lines = await exported(ask, "Patient/$export")
    assert lines.keys() == {"Observation", "Patient"}


async def test_an_export_since_has_what_is_new_and_what_is_gone(store, tmp_path):
    ask = Client(await doorway(store), exports=Exports(tmp_path / "exports"))
    hers, results = await grace(ask, "1.0", "2.0")
    _, first, _ = await exported(ask)
    await asyncio.sleep(0.002)
    await ask("DELETE", f"Observation/{results[0]}")
    third = await ask("POST", "Observation", observation(f"Patient/{hers}", "3.0"))
    _, _, lines = await exported(ask, f"$export?_since={first['transactionTime']}")
    assert third.json()["id"] in [one["id"] for one in lines["Observation"]]
    [gone] = lines["Bundle"]
    assert gone["entry"][0]["request"] == {"method": "DELETE", "url": f"Observation/{results[0]}"}
    _, _, lines = await exported(ask, "$export?_type=Patient")
    assert [*lines] == ["Patient"]
    assert (await ask("GET", "$export?_type=X", **LATER)).status_code == 400
    assert (await ask("GET", "$export?_typeFilter=X", **LATER)).status_code == 400


async def test_what_is_withheld_and_who_is_refused_are_in_no_export(store, tmp_path):
    way, exports = await doorway(store), Exports(tmp_path / "exports")
    body = bundle(feeds_patient("p1", "9990000018"), secret(), condition("c1", "p1"))
    await store.keep(Arrival(source="pas", body=body, name="post"))
    await settle(store, prepare_here)
    doctor, stranger = (
        Client(way, someone(organisation=one), exports=exports) for one in ("RXA", "RZZ")
    )
    _, _, lines = await exported(doctor)
    assert SECRET not in json.dumps(lines)
    assert len(lines["Condition"]) == 1
    _, manifest, _ = await exported(stranger)
    assert manifest["output"] == []


async def test_a_group_is_exported_for_the_people_it_names(store, tmp_path):
    ask = Client(await doorway(store), exports=Exports(tmp_path / "exports"))
    hers, _ = await grace(ask, "1.0")
    await ask.made(patient("9990000026", name=[{"family": "Else", "given": ["Somebody"]}]))
    member = [{"entity": {"reference": f"Patient/{hers}"}}, {"entity": {"reference": "Patient/x"}}]
    said = {"resourceType": "Group", "type": "person", "actual": True, "member": member[:1]}
    answer = await ask("POST", "Group", said)
    assert answer.status_code == 201, answer.text
    _, _, lines = await exported(ask, f"Group/{answer.json()['id']}/$export")
    assert [one["id"] for one in lines["Patient"]] == [hers]
    assert (await ask("GET", "Group/x/$export", **LATER)).status_code == 404


async def test_too_many_exports_of_one_asker_wait(store, tmp_path):
    ask = Client(await doorway(store), exports=Exports(tmp_path / "exports"))
    for _ in range(3):
        await exported(ask)
    assert (await ask("GET", "$export", **LATER)).status_code == 429


async def test_an_export_that_is_done_outlives_the_process_that_made_it(store, tmp_path):
    way = await doorway(store)
    ask = Client(way, exports=Exports(tmp_path / "exports"))
    await grace(ask, "4.50")
    at, manifest, lines = await exported(ask)
    again = Client(way, exports=Exports(tmp_path / "exports"))
    assert (await again("GET", at)).json() == manifest
    [file] = [one["url"] for one in manifest["output"] if one["type"] == "Observation"]
    answer = await again("GET", file.partition("/fhir/")[2])
    assert [json.loads(line) for line in answer.content.splitlines()] == lines["Observation"]
    other = Client(way, someone(Role.GP), exports=Exports(tmp_path / "exports"))
    assert (await other("GET", at)).status_code == 404
    assert (await again("DELETE", at)).status_code == 202
    assert not [*(tmp_path / "exports").iterdir()]


async def test_an_export_that_was_broken_off_says_so_and_gives_nothing(store, tmp_path):
    way, folder = await doorway(store), tmp_path / "exports"
    ask = Client(way, exports=Exports(folder))
    await grace(ask, "4.50")
    _, _, _ = await exported(ask)
    [made] = folder.iterdir()
    state = json.loads((made / "export.json").read_bytes())  # as it is while it is being made
    (made / "export.json").write_bytes(json.dumps(state | {"done": None}).encode())
    (made / "Observation.ndjson").write_bytes(b"half a li")
    (folder / "else").mkdir()
    for _ in range(2):  # and the process after the next says the same
        again = Client(way, exports=Exports(folder))
        answer = await again("GET", f"$export/{made.name}")
        assert answer.status_code == 500
        assert "ask for it again" in answer.text
        assert (await again("GET", f"$export/{made.name}/Observation")).status_code == 404
        assert [one.name for one in folder.rglob("*") if one.is_file()] == ["export.json"]
    assert (await again("DELETE", f"$export/{made.name}")).status_code == 202
    assert not [*folder.iterdir()]


async def test_what_there_is_no_room_for_is_not_begun(store, tmp_path):
    (tmp_path / "exports").write_bytes(b"")  # a file where the folder would be
    ask = Client(await doorway(store), exports=Exports(tmp_path / "exports"))
    answer = await ask("GET", "$export", **LATER)
    assert (answer.status_code, "no room" in answer.text) == (503, True)


async def test_what_somebody_hides_since_is_given_no_more(store, tmp_path):
    ask = Client(await doorway(store), exports=Exports(tmp_path / "exports"))
    await grace(ask, "4.50")
    at, _, _ = await exported(ask)
    [(person, _)] = await store.find(Search.of("9990000018").keys)

    async def given():
        return (await ask("GET", f"{at}/Observation")).status_code

    def hide(**more):
        wish = Wish(act=Act.HIDE, what=What.KIND, which=("result",), **more)
        return store.prefer(person, rules_of(wish, person), by="grace", words="hide")

    assert await given() == 200
    await hide(role=Role.NURSE)
    assert await given() == 200, "it is nothing to a doctor"
    hidden = await hide()
    assert await given() == 410
    _, _, lines = await exported(ask)
    assert "Observation" not in lines
    await store.end_preference(person, hidden.n, by="grace")
    assert await given() == 200
    await hide(until=datetime.now(UTC) - timedelta(seconds=1))
    assert await given() == 200, "it is over"
