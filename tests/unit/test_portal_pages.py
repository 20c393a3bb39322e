"""The pages, through the real door and the reference store."""

import re
from collections.abc import Iterator

import pytest
from starlette.routing import Route

from tests.unit.portal_site import Region, region
from tests.unit.scripts import without_ours
from wholerecord.people import Act
from wholerecord.portal import COOKIE, routes
from wholerecord.portal.shared.still import SCRIPT


@pytest.fixture
def here() -> Iterator[Region]:
    made = region()
    with made.runner:
        yield made


def token(page: str) -> str:
    found = re.search(r'name="form" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def entry_href(page: str, title: str) -> str:
    found = re.search(rf'href="([^"]+/entries/[^"]+)">{title}', page)
    assert found, title
    return found[1].replace("&amp;", "&")


def test_a_doctor_finds_a_person_and_reads_one_record_from_two_sources(here: Region):
    client = here.client("doctor")
    found = client.get("/people", params={"q": "999 000 0018"})
    assert "Grace Okafor" in found.text
    assert "Cared for by your organisation" in found.text
    screen = client.get(f"/people/{here.grace}").text
    assert "OKAFOR, Grace" in screen
    assert "999 000 0018" in screen
    assert "verified" in screen
    assert "penicillin" in screen.lower()
    assert "6.4 mmol/L" in screen
    assert "St Elsewhere Hospital" in screen
    assert "Willow GP" in screen


def test_words_of_a_source_are_escaped(here: Region):
    screen = here.client("doctor").get(f"/people/{here.grace}").text
    assert "<left>" not in screen


def test_each_line_leads_to_who_said_it_and_to_the_message(here: Region):
    client = here.client("doctor")
    screen = client.get(f"/people/{here.grace}").text
    page = client.get(entry_href(screen, "High blood pressure")).text
    assert "2 statements" in page
    assert "High blood pressure" in page
    message = re.search(r'href="([^"]+/messages/[^"]+)"', page)
    assert message
    shown = client.get(message[1].replace("&amp;", "&"))
    assert shown.status_code == 200
    assert "entry[" in shown.text
    assert "&#34;resourceType&#34;" in shown.text


def test_splitting_an_entry_makes_two_and_withdrawing_makes_one_again(here: Region):
    client = here.client("doctor")
    screen = client.get(f"/people/{here.grace}").text
    href = entry_href(screen, "High blood pressure")
    page = client.get(href).text
    split = re.search(r'value="not-same".*?</form>', page, re.DOTALL)
    assert split
    abouts = re.findall(r'name="about" value="([^"]+)"', split[0])
    assert len(abouts) == 2
    after = client.post(
        f"/people/{here.grace}/rulings",
        data={
            "form": token(page),
            "verdict": "not-same",
            "kind": "condition",
            "about": abouts,
            "why": "two different illnesses",
        },
    ).text
    assert len(re.findall(r"/entries/", after)) == 3
    ruled = next(
        client.get(href.replace("&amp;", "&")).text
        for href in re.findall(r'href="([^"]+/entries/[^"]+)"', after)
        if "Withdraw this decision" in client.get(href.replace("&amp;", "&")).text
    )
    n = re.search(r'name="n" value="(\d+)"', ruled)
    assert n
    again = client.post(
        f"/people/{here.grace}/rulings/withdraw",
        data={"form": token(ruled), "n": n[1], "kind": "condition"},
    ).text
    assert len(re.findall(r"/entries/", again)) == 2


def test_somebody_elses_patient_is_refused_until_the_glass_is_broken_with_a_reason(here: Region):
    client = here.client("doctor")
    refused = client.get(f"/people/{here.ruth}")
    assert refused.status_code == 403
    assert "Open in an emergency" in refused.text
    short = client.post(
        f"/people/{here.ruth}/emergency",
        data={"form": token(refused.text), "ground": "life", "why": "now"},
    )
    assert short.status_code == 400
    no_ground = client.post(
        f"/people/{here.ruth}/emergency",
        data={"form": token(refused.text), "why": "Unconscious in the ambulance bay"},
    )
    assert no_ground.status_code == 400
    opened = client.post(
        f"/people/{here.ruth}/emergency",
        data={
            "form": token(refused.text),
            "ground": "life",
            "why": "Unconscious in the ambulance bay",
        },
    )
    assert opened.status_code == 200
    assert "ADEYEMI, Ruth" in opened.text
    assert "Unconscious in the ambulance bay" in opened.text


def test_broken_glass_is_for_one_person_only(here: Region):
    client = here.client("doctor")
    refused = client.get(f"/people/{here.ruth}")
    client.post(
        f"/people/{here.ruth}/emergency",
        data={
            "form": token(refused.text),
            "ground": "life",
            "why": "Unconscious in the ambulance bay",
        },
    )
    assert "Opened in an emergency" not in client.get(f"/people/{here.grace}").text


def test_the_person_reads_their_record_in_plain_words_and_sees_who_looked(here: Region):
    here.client("doctor").get(f"/people/{here.grace}")
    client = here.client("grace")
    mine = client.get("/me").text
    assert "Your record" in mine
    assert "A salt in your blood" in mine
    assert "wrote:" in mine
    looks = client.get("/me/who-looked").text
    assert "Dr Priya Example" in looks
    assert "to care for you" in looks


def test_a_refused_look_is_shown_to_the_person_too(here: Region):
    outsider = here.client("governance")
    assert outsider.get(f"/people/{here.grace}/condition").status_code == 403
    looks = here.client("grace").get("/me/who-looked").text
    assert "was refused" in looks
    assert "Alex Example" in looks


def test_a_person_disputes_a_line_and_takes_it_back(here: Region):
    client = here.client("grace")
    page = client.get(entry_href(client.get("/me").text, "High blood pressure")).text
    about = re.findall(r'name="about" value="([^"]+)"', page)
    sent = client.post(
        "/me/disputes",
        data={"form": token(page), "about": about, "what": "not-me", "why": "I never had this"},
    )
    assert sent.status_code == 200
    assert "Somebody has asked about this" in sent.text
    page = client.get(entry_href(sent.text, "High blood pressure")).text
    n = re.search(r'name="n" value="(\d+)"', page)
    assert n
    client.post("/me/withdraw", data={"form": token(page), "n": n[1]})
    assert "Somebody has asked about this" not in client.get("/me").text


def test_a_carer_sees_the_person_they_care_for_and_nobody_else(here: Region):
    client = here.client("carer")
    assert "Grace" in client.get(f"/me/for/{here.grace}").text
    assert client.get(f"/me/for/{here.ruth}").status_code == 403
    assert client.get("/me").status_code == 404


def test_reception_sees_who_somebody_is_and_nothing_clinical(here: Region):
    client = here.client("reception")
    page = client.get(f"/people/{here.grace}")
    assert page.status_code == 200
    assert "Who each source says this is" in page.text
    assert "Hypertension" not in page.text
    assert client.get(f"/people/{here.grace}/condition").status_code == 403


def test_the_desk_shows_what_could_not_be_filed_until_somebody_closes_it(here: Region):
    client = here.client("governance")
    desk = client.get("/desk").text
    assert "the message ends too soon" in desk
    n = re.search(r'name="n" value="(\d+)"', desk)
    assert n
    after = client.post(
        "/desk/release", data={"form": token(desk), "n": n[1], "why": "asked them to send it again"}
    ).text
    assert "Everything that was received could be filed" in after


def test_the_desk_decides_a_possible_match(here: Region):
    client = here.client("governance")
    desk = client.get("/desk").text
    assert "Ruth Adeyemi" in desk
    ids = re.search(
        r'name="patient" value="([^"]+)"><input type="hidden" name="person" value="([^"]+)"', desk
    )
    assert ids
    after = client.post(
        "/desk/match",
        data={
            "form": token(desk),
            "patient": ids[1],
            "person": ids[2],
            "verdict": "join",
            "why": "same address and telephone",
        },
    ).text
    assert "No match waits for a decision" in after
    assert Act.JOIN in here.acts()


def test_governance_takes_a_patient_out_of_a_person_and_nothing_is_lost(here: Region):
    client = here.client("governance")
    page = client.get(f"/people/{here.grace}").text
    assert "Hypertension" not in page
    acute = re.search(r'<option value="(-?\d+)">St Elsewhere Hospital', page)
    assert acute
    sent = {"form": token(page), "patient": acute[1], "why": "the wrong notes were merged"}
    after = client.post(f"/people/{here.grace}/unlink", data=sent).text
    assert "taken out by a person" in after
    members = here.runner.run(here.store.members(here.grace))
    everybody = here.runner.run(here.store.people())
    assert len(members) == 1
    assert len(everybody) == 4


def test_governance_reviews_who_broke_the_glass_and_why(here: Region):
    doctor = here.client("doctor")
    refused = doctor.get(f"/people/{here.ruth}")
    why = "Unconscious in the ambulance bay"
    said = {"form": token(refused.text), "ground": "life", "why": why}
    doctor.post(f"/people/{here.ruth}/emergency", data=said)
    looks = here.client("governance").get(f"/people/{here.ruth}/looked").text
    assert why in looks
    assert "emergency" in looks


def test_a_doctor_takes_nobody_out(here: Region):
    client = here.client("doctor")
    page = client.get(f"/people/{here.grace}/who").text
    assert "Take one of them out" not in page
    sent = {"form": token(page), "patient": "1", "why": "the wrong notes were merged"}
    assert client.post(f"/people/{here.grace}/unlink", data=sent).status_code == 403


def test_who_was_joined_then_is_shown_and_nobody_is_taken_out_of_the_past(here: Region):
    client = here.client("governance")
    now, then = (client.get(f"/people/{here.grace}/who{at}").text for at in ("", "?at=2999-01-01"))
    assert "Take one of them out" in now
    assert "as it was known at" not in now
    assert "Take one of them out" not in then
    assert "as it was known at 1 Jan 2999" in then
    assert "linked by rule" in then


def test_a_planner_counts_and_a_doctor_may_not(here: Region):
    planner = here.client("planner")
    page = planner.get("/counts").text
    counted = planner.post("/counts", data={"form": token(page), "question": "stroke"})
    assert "fewer than 7" in counted.text
    doctor = here.client("doctor")
    page = doctor.get("/counts").text
    assert (
        doctor.post("/counts", data={"form": token(page), "question": "stroke"}).status_code == 403
    )


def test_the_past_says_that_it_is_the_past(here: Region):
    page = here.client("doctor").get(f"/people/{here.grace}", params={"at": "2020-01-01"})
    assert page.status_code == 403 or "The past." in page.text
    now = here.client("doctor").get(f"/people/{here.grace}", params={"at": "2199-01-01"})
    assert "The past." in now.text


def test_a_moment_nobody_can_read_is_said_to_be_that(here: Region):
    page = here.client("doctor").get(f"/people/{here.grace}", params={"at": "last week"})
    assert page.status_code == 400


def every_route(here: Region) -> list[tuple[str, str]]:
    paths: list[tuple[str, str]] = []
    for route in routes(here.site):
        assert isinstance(route, Route)
        path = (
            route.path.replace("{person}", here.grace)
            .replace("{key:path}", "k")
            .replace("{message:int}", "1")
            .replace("{kind}", "condition")
            .replace("{provider}", "staff")
            .replace("{name:path}", "x")
            .replace("{path:path}", "x")
        )
        paths += [(method, path) for method in sorted(route.methods or ()) if method != "HEAD"]
    return paths


def test_no_page_is_reached_without_signing_in_but_those_listed(here: Region):
    client = here.client()
    client.follow(redirects=False)
    open_paths = {"/about", "/sign-in", "/assets/x", "/counts/register", "/x"}
    open_paths |= {f"/sign-in/staff{more}" for more in ("", "/back", "/leave", "/ended")}
    for method, path in every_route(here):
        answer = client.request(method, path)
        if path in open_paths:
            assert answer.status_code in (200, 400, 404), path
        else:
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/sign-in"), path
        assert "1948" not in answer.text


def test_no_form_is_taken_without_the_sessions_own_token(here: Region):
    client = here.client("doctor")
    for method, path in every_route(here):
        if method != "POST" or path in ("/sign-in", "/sign-in/staff/ended"):
            continue
        for form in ("", "00", "ab" * 32, "not hexadecimal"):
            answer = client.post(path, data={"form": form, "why": "a long enough reason"})
            assert answer.status_code == 403, path


def test_a_form_from_another_site_is_refused(here: Region):
    client = here.client("doctor")
    page = client.get("/people").text
    answer = client.post(
        "/sign-out", data={"form": token(page)}, headers={"origin": "https://elsewhere.example"}
    )
    assert answer.status_code == 403


def test_signing_in_leads_nowhere_but_here(here: Region):
    client = here.client()
    client.follow(redirects=False)
    for away in ("https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example"):
        answer = client.post("/sign-in", data={"persona": "doctor", "next": away})
        assert answer.headers["location"] == "/"


def test_a_cookie_that_was_changed_signs_nobody_in(here: Region):
    client = here.client("doctor")
    client.follow(redirects=False)
    value = client.cookies[COOKIE]
    middle = len(value) // 2
    changed = value[:middle] + ("A" if value[middle] != "A" else "B") + value[middle + 1 :]
    client.cookies.clear()
    client.cookies.set(COOKIE, changed)
    assert client.get("/people").status_code == 303


def test_signing_out_ends_the_session(here: Region):
    client = here.client("doctor")
    page = client.get("/people").text
    client.post("/sign-out", data={"form": token(page)})
    client.follow(redirects=False)
    assert client.get("/people").status_code == 303


def test_every_page_runs_nothing_and_is_kept_by_nobody(here: Region):
    client = here.client("doctor")
    for path in ("/people", f"/people/{here.grace}", "/about", f"/people/{here.ruth}", "/nowhere"):
        page = client.get(path)
        assert page.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert page.headers["x-content-type-options"] == "nosniff"
        assert "<script" not in without_ours(page.text)
        assert "style=" not in page.text
        assert ("script-src" in page.headers["content-security-policy"]) is (SCRIPT in page.text)


def test_assets_are_kept_for_a_year_under_their_hash(here: Region):
    client = here.client()
    page = client.get("/sign-in").text
    address = re.search(r'href="(/assets/wholerecord\.css\?v=[0-9a-f]+)"', page)
    assert address
    asset = client.get(address[1])
    assert asset.status_code == 200
    assert "immutable" in asset.headers["cache-control"]
    assert client.get("/assets/../routes.py").status_code == 404


def test_an_asset_comes_compressed_to_whoever_takes_it_so(here: Region):
    client = here.client()
    packed = client.get("/assets/wholerecord.css")
    plain = client.get("/assets/wholerecord.css", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3


def test_the_list_of_immunisations_shows_the_schedule_and_calls_nothing_not_given(here: Region):
    page = here.client("doctor").get(f"/people/{here.grace}/immunisation").text
    assert "Routine schedule" in page
    assert "That is not that they were not given" in page
    assert "until a clinical safety officer signs" in page
    others = here.client("doctor").get(f"/people/{here.grace}/condition").text
    assert "Routine schedule" not in others


def test_the_person_reads_the_schedule_in_plain_words(here: Region):
    page = here.client("grace").get("/me/immunisation").text
    assert "Vaccinations by the routine schedule" in page
    assert "It does not mean that you did not have them" in page
