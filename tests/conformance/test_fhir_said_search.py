"""Searching what sources said, on every store there is."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from tests.conformance.fhir_server import LOCAL, NHS, Client, doorway, observation, patient, someone
from wholerecord.access import Limits
from wholerecord.consent import Role, View
from wholerecord.fold import Kind


def conditions(subject, *words, **more):
    for n, text in enumerate(words):
        yield {
            "resourceType": "Condition",
            "code": {"text": text},
            "subject": {"reference": f"Patient/{subject}"},
            "onsetDateTime": f"201{n}-01-01",
        } | more


async def world(store):
    """Grace with a potassium and three conditions, somebody else with gout."""
    ask = Client(await doorway(store))
    grace = (await ask.made(patient()))["id"]
    other = await ask.made(
        patient(
            "9990000026", name=[{"family": "Elsewhere", "given": ["Bo"]}], birthDate="1990-05-05"
        )
    )
    answer = await ask("POST", "Observation", observation(f"Patient/{grace}"))
    assert answer.status_code == 201
    for one in conditions(grace, "Asthma", "Eczema", "Vertigo"):
        await ask.made(one)
    for one in conditions(other["id"], "Gout"):
        await ask.made(one)
    return ask, grace, other["id"]


async def found(ask, query):
    answer = await ask("GET", query)
    assert answer.status_code == 200, (query, answer.text)
    entries = answer.json().get("entry", [])
    return [one["resource"] for one in entries if one["search"]["mode"] == "match"]


def words(resources):
    return [one["code"]["text"] for one in resources]


async def test_what_was_said_of_a_person_is_found_by_every_parameter(store):
    ask, grace, _ = await world(store)
    for query, expected in {
        f"Condition?patient={grace}&_sort=onset-date": "Asthma Eczema Vertigo",
        f"Condition?patient={grace}&_sort=-onset-date": "Vertigo Eczema Asthma",
        f"Condition?subject=Patient/{grace}&code:text=ecz": "Eczema",
        f"Condition?patient={grace}&onset-date=ge2012": "Vertigo",
        f"Condition?patient.identifier={NHS}|9990000018&onset-date=2010": "Asthma",
        f"Patient/{grace}/Condition?onset-date=2011": "Eczema",
        f"Observation?patient={grace}&value-quantity=4.5": "Potassium",
        f"Observation?patient={grace}&value-quantity=gt5": "",
        f"Observation?patient={grace}&code=http://loinc.org|2823-3": "Potassium",
    }.items():
        assert " ".join(words(await found(ask, query))) == expected, query
    for query in (
        f"Patient?identifier={NHS}|9990000018",
        f"Patient?_id={grace}",
        "Patient?family=okafor&birthdate=1948-03-02",
        f"Patient?_id={grace}&_has:Condition:patient:code:text=asthma",
    ):
        assert [one["id"] for one in await found(ask, query)] == [grace], query


async def test_what_a_client_wrote_is_found_by_its_own_identifiers_and_the_answer_says_so(store):
    ask, grace, other = await world(store)
    mine = [{"system": LOCAL, "value": "n1"}]
    [one] = [await ask.made(one) for one in conditions(grace, "Gout", identifier=mine)]
    twin = await ask.made(patient("", identifier=mine, birthDate="2001-01-01"))
    await ask.made({"resourceType": "Organization", "name": "Ward", "identifier": mine})
    for query, expected in {
        f"Condition?identifier={LOCAL}|n1": [one["id"]],
        f"Condition?identifier={LOCAL}|n1,{LOCAL}|none": [one["id"]],
        f"Condition?identifier={LOCAL}|n1&code:text=asthma": [],
        f"Condition?identifier={LOCAL}|none": [],
        f"Patient?identifier={LOCAL}|n1": [twin["id"]],
        f"Condition?patient.identifier={LOCAL}|n1": [],
        f"Organization?identifier={LOCAL}|none": [],
    }.items():
        assert [each["id"] for each in await found(ask, query)] == expected, query
        said = (await ask("GET", query)).json()["entry"][-1]
        assert said["search"]["mode"] == "outcome"
        assert "own source" in said["resource"]["issue"][0]["diagnostics"]
    assert [each["name"] for each in await found(ask, f"Organization?identifier={LOCAL}|n1")] == [
        "Ward"
    ]
    stranger = Client(ask.way, someone(Role.DOCTOR, "RZZ"))
    assert await found(stranger, f"Condition?identifier={LOCAL}|n1") == []
    for query in (
        "Condition?identifier=n1",
        f"Condition?identifier:not={LOCAL}|n1",
        "Condition?code=1",
    ):
        for prefer in ("handling=strict", "handling=lenient"):
            assert (await ask("GET", query, prefer=prefer)).status_code == 400, query
    many = ",".join(f"{LOCAL}|{n}" for n in range(21))
    assert (await ask("GET", f"Condition?identifier={many}")).status_code == 400
    assert other


async def test_a_resource_is_found_by_its_own_id_and_what_refers_to_it_is_included(store):
    ask, grace, _ = await world(store)
    [one] = await found(ask, f"Condition?patient={grace}&code:text=asthma")
    assert await found(ask, f"Condition?_id={one['id']}") == [one]
    bundle = (await ask("GET", f"Condition?_id={one['id']}&_include=Condition:subject")).json()
    assert [each["resource"]["id"] for each in bundle["entry"]] == [one["id"], grace]
    assert bundle["entry"][0]["fullUrl"] == f"http://here.example/fhir/Condition/{one['id']}"


async def test_what_was_taken_back_is_not_found_and_what_was_changed_is_found_as_it_is(store):
    ask, grace, _ = await world(store)
    first, second, _ = await found(ask, f"Condition?patient={grace}&_sort=onset-date")
    assert (await ask("DELETE", f"Condition/{first['id']}")).status_code == 204
    changed = second | {"code": {"text": "Psoriasis"}}
    assert (await ask("PUT", f"Condition/{second['id']}", changed)).status_code == 200
    now = await found(ask, f"Condition?patient={grace}&_sort=onset-date")
    assert words(now) == ["Psoriasis", "Vertigo"]
    assert now[0]["meta"]["versionId"] == "2"


async def test_pages_are_of_what_was_said_at_the_first(store):
    ask, grace, _ = await world(store)
    bundle = (await ask("GET", f"Condition?patient={grace}&_count=2&_sort=onset-date")).json()
    url = next(one["url"] for one in bundle["link"] if one["relation"] == "next")
    assert set(parse_qs(urlsplit(url).query)) == {"_page"}
    [last] = conditions(grace, "Sciatica", onsetDateTime="2009-01-01")
    await ask.made(last)
    [third] = await found(ask, f"Condition?patient={grace}&onset-date=2012")
    changed = third | {"onsetDateTime": "2008-01-01"}
    assert (await ask("PUT", f"Condition/{third['id']}", changed)).status_code == 200
    following = await ask("GET", url)
    assert words([one["resource"] for one in following.json()["entry"]]) == ["Vertigo"]
    assert following.json()["total"] == 3


async def test_nobody_else_is_ever_found(store):
    ask, grace, other = await world(store)
    for more in (
        "_include=*",
        "_revinclude=*",
        "_include:iterate=*&_revinclude:iterate=*",
        "subject._has:Condition:patient:code:text=gout",
        "code:text=gout",
        "_content=gout",
        "subject.family=elsewhere",
    ):
        answer = await ask("GET", f"Condition?patient={grace}&{more}")
        assert answer.status_code == 200
        assert "Gout" not in answer.text
        assert other not in answer.text


async def test_who_may_not_look_finds_nothing_and_learns_nothing(store):
    ask, grace, _ = await world(store)
    stranger = Client(ask.way, someone(Role.DOCTOR, "RZZ"))
    nobody = grace[:-1] + ("a" if grace[-1] != "a" else "c")
    for query in (
        "Condition?patient={}",
        "Patient?_id={}",
        "Patient/{}/Condition",
        "Condition?_id={}",
    ):
        there, not_there = [await stranger("GET", query.format(who)) for who in (grace, nobody)]
        assert (there.status_code, not_there.status_code) == (403, 403)
        assert there.json() == not_there.json()
    for query in ("Condition?code=1", "Condition", "Patient?gender=female", "Patient"):
        for client in (ask, stranger):
            assert (await client("GET", query)).status_code == 400, query
    assert (await ask("GET", "Nothing?patient=1")).status_code == 404
    assert (await ask("GET", f"Condition?patient={grace}&colour=1")).status_code == 400


async def test_organisations_are_found_by_id_and_from_what_refers_to_them(store):
    ask, grace, _ = await world(store)
    ward = await ask.made({"resourceType": "Organization", "name": "Aire Ward"})
    linked = {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"code": "IMP"},
        "subject": {"reference": f"Patient/{grace}"},
        "serviceProvider": {"reference": f"Organization/{ward['id']}"},
    }
    await ask.made(linked)
    assert await found(ask, f"Organization?_id={ward['id']}") == [ward]
    assert len(await found(ask, f"Encounter?patient={grace}&service-provider.name=aire")) == 1
    assert await found(ask, f"Encounter?patient={grace}&service-provider.name=ouse") == []
    query = f"Encounter?patient={grace}&_include=Encounter:service-provider"
    bundle = (await ask("GET", query)).json()
    assert [one["resource"]["resourceType"] for one in bundle["entry"]] == [
        "Encounter",
        "Organization",
    ]


async def test_staff_and_places_are_nobodys_and_may_be_listed(store):
    ask, grace, _ = await world(store)
    ward = await ask.made({"resourceType": "Organization", "name": "Aire Ward"})
    nurse = await ask.made({"resourceType": "Practitioner", "name": [{"family": "Lee"}]})
    role = await ask.made(
        {
            "resourceType": "PractitionerRole",
            "practitioner": {"reference": f"Practitioner/{nurse['id']}"},
            "organization": {"reference": f"Organization/{ward['id']}"},
        }
    )
    gone = await ask.made({"resourceType": "Practitioner", "name": [{"family": "Leeson"}]})
    assert (await ask("DELETE", f"Practitioner/{gone['id']}")).status_code == 204
    for query, expected in {
        "Practitioner": [nurse],
        "Practitioner?family=lee": [nurse],
        "Practitioner?family=moss": [],
        "Organization?name=aire": [ward],
        "PractitionerRole?practitioner.name=lee&organization.name=aire": [role],
        "Practitioner?_has:PractitionerRole:practitioner:organization.name=aire": [nurse],
        "Location?_sort=name": [],
    }.items():
        assert await found(ask, query) == expected, query
    bundle = (await ask("GET", "Practitioner?_revinclude=PractitionerRole:practitioner")).json()
    assert [one["resource"] for one in bundle["entry"]] == [nurse, role]
    elsewhere = Client(ask.way, someone(Role.GP, "A81001"))
    assert await found(elsewhere, "Practitioner?name=lee") == [nurse]
    # What looks into records, or may be about somebody, is still asked of somebody.
    for query in (
        f"Practitioner?_has:Condition:asserter:subject=Patient/{grace}",
        "Practitioner?_revinclude=Encounter:participant",
        "Group",
        "PaymentNotice",
    ):
        assert (await ask("GET", query)).status_code == 400, query


async def test_who_may_look_nobody_up_is_told_of_no_staff(store):
    ask, *_ = await world(store)
    await ask.made({"resourceType": "Practitioner", "name": [{"family": "Lee"}]})
    researcher = Client(ask.way, someone(Role.RESEARCHER))
    assert (await researcher("GET", "Practitioner")).status_code == 403


async def test_an_app_finds_only_what_it_was_let_in_to_by_whatever_way(store):
    ask, grace, _ = await world(store)
    limits = Limits(
        person=None,
        views=frozenset({View.RECORD, View.FIND}),
        kinds=frozenset({Kind.RESULT.value, Kind.OBSERVATION.value}),
        scope="user/Observation.rs",
    )
    app = Client(ask.way, replace(someone(), limits=limits))
    for more in ("", "&_include=*", "&_revinclude=*", "&_revinclude:iterate=*"):
        answer = await app("GET", f"Observation?patient={grace}{more}")
        assert answer.status_code == 200, answer.text
        assert {one["resource"]["resourceType"] for one in answer.json()["entry"]} == {
            "Observation"
        }
    aside = f"Observation?patient={grace}&patient._has:Condition:patient:code:text=asthma"
    assert await found(app, aside) == []
    assert (await app("GET", f"Condition?patient={grace}")).status_code == 403
