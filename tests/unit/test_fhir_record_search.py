"""Searching the one record over HTTP: who is asked about, pages, handling; what it never tells."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, SECRET, secret, send, site
from tests.unit.door_web import application_of, carer_allowed, client
from wholerecord.fhir.record.worked_out import WORKED_OUT
from wholerecord.fhir.search.cursor import Cursors
from wholerecord.record import LogicalId, PatientKey

NHS = "https://fhir.nhs.uk/Id/nhs-number"
SNOMED = "http://snomed.info/sct"
WORDS = ("Gout", "Asthma", "Eczema", "Migraine", "Vertigo")
RECORD = "/record/fhir"


def conditions():
    return [
        condition(f"c{n}", "p1", code={"text": words}, onsetDateTime=f"201{n}-01-01")
        for n, words in enumerate(WORDS)
    ]


async def world(*more):
    way, person = await site(bundle(patient("p1", NUMBER), *conditions(), *more))
    await carer_allowed(way, person)
    return way, person


async def ask(browser, path, **headers):
    answer = await browser.get(f"{RECORD}/{path}", headers=headers)
    return answer.status_code, answer.json()


def given(bundle, mode="match"):
    return [one["resource"] for one in bundle.get("entry", []) if one["search"]["mode"] == mode]


def texts(bundle):
    return [one["code"]["text"] for one in given(bundle)]


def following(bundle):
    return next((one["url"] for one in bundle["link"] if one["relation"] == "next"), None)


async def test_a_person_is_named_by_id_by_compartment_by_number_and_by_name_and_birthday():
    way, person = await world()
    async with client(application_of(way, person), "DOCTOR") as browser:
        for query in (
            f"Condition?patient={person}",
            f"Condition?subject=Patient/{person}",
            f"Condition?subject:Patient={person}",
            f"Condition?patient=http://here.example/record/fhir/Patient/{person}",
            f"Patient/{person}/Condition",
            f"Condition?patient.identifier={NHS}|{NUMBER}",
            f"Condition?subject:Patient.identifier={NUMBER}",
        ):
            status, found = await ask(browser, query)
            assert (status, found["total"]) == (200, 5), query
        for query in (
            f"Patient?identifier={NHS}|{NUMBER}",
            f"Patient?_id={person}",
            f"Patient?identifier={NUMBER}&_has:Condition:patient:code:text=gout",
        ):
            status, found = await ask(browser, query)
            assert [one["id"] for one in given(found)] == [person], query
        [who] = given((await ask(browser, f"Patient?_id={person}"))[1])
        name, born = who["name"][0], who["birthDate"]
        status, found = await ask(browser, f"Patient?family={name['family']}&birthdate={born}")
        assert [one["id"] for one in given(found)] == [person]
        status, found = await ask(
            browser, f"Patient?family={name['family']}&birthdate={born}&gender:missing=false"
        )
        assert (status, found["total"]) == (200, 0)


async def test_a_search_that_names_nobody_is_refused_however_it_is_handled():
    way, person = await world()
    async with client(application_of(way, person), "DOCTOR") as browser:
        for query in (
            "Condition",
            "Condition?code=1",
            "Condition?code:text=gout",
            "Patient",
            "Patient?gender=female",
            "Patient?family=a",
            "Patient?identifier=1",
            "Condition?_id=x",
            "Condition?pateint=x",
            f"Condition?patient:not={person}",
            "Condition?patient:missing=false",
            "Condition?_has:Provenance:target:agent=x",
            f"Patient?_id:not={person}",
        ):
            for prefer in ("handling=strict", "handling=lenient", ""):
                status, outcome = await ask(browser, query, Prefer=prefer)
                assert status == 400, (query, prefer)
                assert outcome["resourceType"] == "OperationOutcome"


async def test_somebody_named_twice_is_asked_about_as_both():
    way, person = await world()
    async with client(application_of(way, person), "DOCTOR") as browser:
        both = f"Condition?patient={person}&subject={person}"
        assert (await ask(browser, both))[1]["total"] == 5
        status, _ = await ask(browser, f"Condition?patient={person}&patient={'f' * 32}")
        assert status == 403
        status, _ = await ask(browser, f"Condition?patient={person},{'f' * 32}")
        assert status == 403


async def test_an_unknown_parameter_is_an_error_unless_lenient_handling_is_preferred():
    way, person = await world()
    async with client(application_of(way, person), "DOCTOR") as browser:
        query = f"Condition?patient={person}&colour=blue&code:text=gout"
        status, outcome = await ask(browser, query)
        assert (status, outcome["issue"][0]["code"]) == (400, "invalid")
        assert "colour" in outcome["issue"][0]["diagnostics"]
        status, found = await ask(browser, query, Prefer="respond-async, handling=lenient")
        assert (status, texts(found)) == (200, ["Gout"])
        [told] = given(found, "outcome")
        assert "colour" in told["issue"][0]["diagnostics"]
        assert "colour" not in found["link"][0]["url"]
        status, outcome = await ask(
            browser, f"Condition?patient={person}&onset-date=x", Prefer="handling=lenient"
        )
        assert status == 400
        assert outcome["issue"][0]["expression"] == ["http.onset-date"]


async def test_a_post_finds_what_a_get_finds_and_its_pages_say_nothing_of_what_was_asked():
    way, person = await world()
    async with client(application_of(way, person), "DOCTOR") as browser:
        form = {"patient": person, "_count": "2", "_sort": "onset-date"}
        answer = await browser.post(f"{RECORD}/Condition/_search", data=form)
        _, got = await ask(browser, f"Condition?patient={person}&_count=2&_sort=onset-date")
        posted = answer.json()
        assert posted["entry"] == got["entry"]
        url = following(posted)
        assert set(parse_qs(urlsplit(url).query)) == {"_page"}
        assert person not in url
        assert texts((await browser.get(url)).json()) == ["Eczema", "Migraine"]
        for body, kind in ((b"{}", "application/json"), (b"a" * 60_000, None), (b"\xff=1", None)):
            headers = {"content-type": kind or "application/x-www-form-urlencoded"}
            answer = await browser.post(
                f"{RECORD}/Condition/_search", content=body, headers=headers
            )
            assert answer.status_code == 400


async def walked(browser, query, between=None):
    """Every page of a search, with what happens between the first and the second."""
    _, found = await ask(browser, query)
    pages = [texts(found)]
    while url := following(found):
        if between is not None and len(pages) == 1:
            await between()
        found = (await browser.get(url)).json()
        pages.append(texts(found))
    return pages


async def test_pages_give_everything_once_in_the_order_asked_for():
    way, person = await world()
    async with client(application_of(way, person), "DOCTOR") as browser:
        pages = await walked(browser, f"Condition?patient={person}&_count=2&_sort=-onset-date")
    assert pages == [["Vertigo", "Migraine"], ["Eczema", "Asthma"], ["Gout"]]


async def test_pages_are_of_the_record_as_it_stood_at_the_first():
    way, person = await world()

    async def more():
        new = condition("c9", "p1", code={"text": "Sciatica"}, onsetDateTime="2012-06-01")
        await send(way, bundle(patient("p1", NUMBER), new))

    async with client(application_of(way, person), "DOCTOR") as browser:
        query = f"Condition?patient={person}&_count=2&_sort=onset-date"
        pages = await walked(browser, query, between=more)
        assert pages == [["Gout", "Asthma"], ["Eczema", "Migraine"], ["Vertigo"]]
        assert (await ask(browser, query))[1]["total"] == 6


async def test_everything_comes_whole_or_by_pages_of_the_record_as_it_stood():
    way, person = await world()
    at = f"Patient/{person}/$everything"
    async with client(application_of(way, person), "DOCTOR") as browser:
        _, whole = await ask(browser, at)
        paged, url = [], f"{RECORD}/{at}?_count=3"
        while url:
            answer = await browser.get(url)
            assert answer.status_code == 200, answer.text
            found = answer.json()
            assert (found["total"], len(found["entry"]) <= 3) == (whole["total"], True)
            paged += found["entry"]
            new = condition("c9", "p1", code={"text": "Sciatica"}, onsetDateTime="2012-06-01")
            await send(way, bundle(new))  # what is said meanwhile neither repeats nor hides
            url = following(found)
        assert [one["fullUrl"] for one in paged] == [one["fullUrl"] for one in whole["entry"]]
        assert (await ask(browser, at))[1]["total"] == whole["total"] + 2  # with its Provenance
        _, some = await ask(browser, f"{at}?_type=Patient,Condition&_count=2")
        assert {one["resource"]["resourceType"] for one in some["entry"]} == {
            "Patient",
            "Condition",
        }
        mark = following(some)
        for wrong in ("_count=x", "_type=Nobody", "_since=2024-01-01T00:00:00Z", "_page=x"):
            assert (await browser.get(f"{RECORD}/{at}?{wrong}")).status_code == 400, wrong
    async with client(application_of(way, person), "GP") as browser:
        assert (await browser.get(mark)).status_code == 400


async def test_a_page_is_only_for_whoever_asked_and_only_of_that_search():
    way, person = await world()
    app = application_of(way, person)
    async with client(app, "DOCTOR") as browser:
        _, found = await ask(browser, f"Condition?patient={person}&_count=2")
        url = following(found)
        sealed = parse_qs(urlsplit(url).query)["_page"][0]
        elsewhere = url.replace("/Condition?", "/Encounter?")
        for wrong in (elsewhere, url[:-2], f"{RECORD}/Condition?_page=x", f"{url[:-40]}{'A' * 40}"):
            assert (await browser.get(wrong)).status_code == 400, wrong
        other = Cursors(b"another")
        assert other.secret != b"test"
        assert len(sealed) < 2000
    for who in ("GP", "NURSE", "PATIENT", "STRANGER"):
        async with client(app, who) as browser:
            assert (await browser.get(url)).status_code == 400, who
    async with client(app) as browser:
        assert (await browser.get(url)).status_code == 401


async def test_an_entry_is_found_by_every_code_that_a_source_gave_it_and_shown_as_it_is():
    coded = {"coding": [{"system": SNOMED, "code": "422504002"}], "text": "CVA"}
    way, person = await world(condition("s9", "p1", code=coded))
    async with client(application_of(way, person), "DOCTOR") as browser:
        for query in ("code=422504002", f"code={SNOMED}|422504002", "code:text=cva"):
            _, found = await ask(browser, f"Condition?patient={person}&{query}")
            assert found["total"] == 1, query
            assert isinstance(given(found)[0]["code"], dict)


async def test_includes_counts_and_elements():
    way, person = await world()
    async with client(application_of(way, person), "DOCTOR") as browser:
        _, found = await ask(browser, f"Condition?patient={person}&_include=Condition:patient")
        assert [one["id"] for one in given(found, "include")] == [person]
        _, found = await ask(browser, f"Patient?_id={person}&_revinclude=Condition:subject")
        assert len(given(found, "include")) == 5
        for query in ("_summary=count", "_count=0"):
            _, found = await ask(browser, f"Condition?patient={person}&{query}")
            assert found["total"] == 5
            assert "entry" not in found
        _, found = await ask(browser, f"Condition?patient={person}&_total=none&_count=1")
        assert "total" not in found
        _, found = await ask(
            browser, f"Condition?patient={person}&_elements=onsetDateTime&_count=1"
        )
        [one] = given(found)
        assert set(one) == {
            "resourceType",
            "id",
            "meta",
            "onsetDateTime",
            "subject",
        }  # it must have
        assert one["meta"]["tag"][-1]["code"] == "SUBSETTED"


#: Every way there is to learn something of what is withheld.
ASIDE = (
    "Condition?patient={p}",
    "Condition?patient={p}&_summary=count",
    "Condition?patient={p}&code=240589008",
    "Condition?patient={p}&code:not=1",
    "Condition?patient={p}&code:text=chlamydial",
    "Condition?patient={p}&_content=chlamydial",
    "Condition?patient={p}&_security=R",
    "Condition?patient={p}&_sort=code&_count=1",
    "Condition?patient={p}&_sort=-_lastUpdated",
    "Condition?patient={p}&_include=*&_revinclude=*",
    "Condition?patient={p}&patient._has:Condition:patient:code=240589008",
    "Patient?_id={p}&_revinclude=Condition:subject",
    "Patient?_id={p}&_has:Condition:patient:code=240589008",
    "Patient?_id={p}&_revinclude:iterate=*",
    "Encounter?patient={p}&_revinclude=Condition:encounter",
    "Patient/{p}/Condition?_count=3",
)


def without_pages(said):
    """The answer, without what a sealed address looks like and whose it is."""
    for link in said.get("link", ()):
        link["url"] = link["url"].partition("_page=")[0]
    return said


async def answers(way, person, who):
    """What each way says, of the one record and of what sources said."""
    said = LogicalId.of(PatientKey("pas", "p1").id, "p1").text
    async with client(application_of(way, person), who) as browser:
        found = []
        for base, asked_of in ((RECORD, person), ("/fhir", said)):
            for query in ASIDE:
                answer = await browser.get(f"{base}/{query.format(p=asked_of)}")
                text = json.dumps(without_pages(answer.json())).replace(person, "PERSON")
                found.append((f"{base}/{query}", answer.status_code, text))
        return found


def timeless(found):
    """The answers without the moment that their world was filled."""

    def cut(value):
        if isinstance(value, dict):
            moments = ("lastUpdated", "valueInstant", "recorded")
            kept = {k: cut(v) for k, v in value.items() if k not in moments}
            kept.pop("id", None)
            kept.pop("fullUrl", None)
            return kept
        return [cut(one) for one in value] if isinstance(value, list) else value

    return [(query, status, cut(json.loads(said))) for query, status, said in found]


@pytest.mark.parametrize("who", ["NURSE", "SOCIAL_WORKER", "CARER"])
async def test_two_worlds_that_differ_only_in_what_is_withheld_answer_every_search_alike(who):
    with_it = await answers(*await world(secret("STD")), who)
    without = await answers(*await world(), who)
    assert not any(SECRET in said for _, _, said in with_it)
    assert timeless(with_it) == timeless(without)
    assert {status for _, status, _ in without} == {200}


async def test_where_an_entry_comes_from_is_found_from_it_and_by_itself():
    way, person = await world()
    async with client(application_of(way, person), "GP") as browser:
        _, found = await ask(browser, f"Condition?patient={person}&_revinclude=Provenance:target")
        _, who = await ask(browser, f"Provenance?patient={person}")
        _, whole = await ask(browser, f"Patient/{person}/$everything")
    modes = [one["search"]["mode"] for one in found["entry"]]
    assert modes.count("match") == modes.count("include") > 0
    [one] = who["entry"]
    assert one["resource"]["target"] == [{"reference": f"Patient/{person}"}]
    types = [one["resource"]["resourceType"] for one in whole["entry"]]
    told = [one for one in types if one not in WORKED_OUT]  # these name what they are out of
    assert told.count("Provenance") * 2 == len(told)


async def test_what_is_withheld_is_there_for_whoever_may_see_it():
    way, person = await world(secret("STD"))
    async with client(application_of(way, person), "GP") as browser:
        _, found = await ask(browser, f"Condition?patient={person}&code=240589008")
    assert found["total"] == 1
