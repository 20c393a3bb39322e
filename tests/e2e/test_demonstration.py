"""The whole program, from the start of the demonstration to its end, as people meet it."""

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import SCREEN, assert_accessible
from tests.e2e.demonstration import Somebody, demonstration, signed_in
from tests.e2e.program import Program
from tests.e2e.test_smart_app import LIBRARY, MISSING, app_pages
from wholerecord.demo import Region, make

pytestmark = [pytest.mark.browser, pytest.mark.postgres]

SignIn = Callable[[str], Somebody]
PICTURES = Path(__file__).parents[2] / "docs/pictures"
DOCTOR, GOVERNANCE, WARD_NURSE = "Dr Yonas Tesfaye", "Kathleen Doherty", "Jade Ellis"
FIVE = (
    "Cerebral infarction",
    "Ischaemic stroke",
    "CVA",
    "told by the patient",
    "Wharfedale Council",
)
#: Bytes a page may take on the wire.
_HEAVIEST = 150_000
#: An app in a browser, as an operator registers it.
APP = (
    *("app", "add", "chart", "--title", "Chart", "--organisation", "RXA"),
    *("--scope", "launch/patient patient/Observation.rs patient/Patient.rs"),
)
_SOURCE = "Chevin Mental Health NHS Trust"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder the demonstration has its store in."""
    return tmp_path_factory.mktemp("demonstration")


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with demonstration(home) as served:
        yield served


@pytest.fixture
def sign_in(browser: Browser, address: str) -> Iterator[SignIn]:
    people: list[Somebody] = []

    def enter(name: str) -> Somebody:
        people.append(signed_in(browser, address, name))
        return people[-1]

    yield enter
    for one in people:
        one.context.close()


@pytest.fixture(scope="module")
def region() -> Region:
    return make(today=datetime.now(UTC).date())


def picture(page: Page, name: str) -> None:
    """Keep a picture for the documentation, when asked to: a run of the tests changes no file."""
    if os.environ.get("WHOLERECORD_PICTURES") == "1":
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")


def test_given_a_newcomer_when_they_open_the_demonstration_then_it_says_whom_to_look_for(
    browser: Browser, address: str
):
    page = browser.new_page(viewport=SCREEN)
    page.goto(address)
    assert "/sign-in" in page.url
    said = page.locator("main").inner_text()
    for expected in (DOCTOR, "Margaret Holroyd", "One stroke, told five times", "Vikram Desai"):
        assert expected in said
    assert_accessible(page)
    page.close()


def test_given_five_sources_of_a_stroke_when_a_doctor_opens_it_then_there_is_one_and_each_says_so(
    sign_in: SignIn,
):
    doctor = sign_in(DOCTOR)
    screen = doctor.find("Margaret Holroyd")
    picture(doctor.page, "first-screen")
    assert doctor.page.locator(".wr-panel").count() == 10
    problems = doctor.page.locator(".wr-panel--problems").inner_text()
    assert len(re.findall("stroke", problems, re.IGNORECASE)) == 1
    assert "HOLROYD, Margaret (Mrs)" in screen

    said = doctor.follow("Ischaemic stroke", within=".wr-panel--problems")
    assert doctor.page.locator(".wr-said").count() == 5
    for words in FIVE:
        assert words in said
    for code in ("ICD-10 I63X", "SNOMED CT 422504002", "SNOMED CT 230690007"):
        assert code in said
    original = doctor.follow(re.compile("The message from Aireborough Hospitals"))
    assert "MSH|^~\\&|" in original
    assert doctor.page.locator("mark").inner_text().startswith("DG1|")


def test_given_a_stroke_that_is_five_things_when_it_is_split_then_five_until_it_is_withdrawn(
    sign_in: SignIn,
):
    doctor = sign_in("Dr Helen Garside")
    doctor.find("Margaret Holroyd")
    problems = f"{doctor.here}/condition"
    doctor.follow("Ischaemic stroke", within=".wr-panel--problems")
    doctor.page.get_by_text("These are not the same thing").click()
    doctor.page.get_by_label("Why").first.fill("Each of them is another event, on another day.")
    split = doctor.press("Split")
    assert doctor.here == problems
    strokes = doctor.page.locator("tbody tr").filter(
        has_text=re.compile("stroke|CVA|cerebral", re.IGNORECASE)
    )
    assert strokes.count() == 5, split

    strokes.first.get_by_role("link").first.click()
    doctor.press("Withdraw this decision")
    assert strokes.count() == 1


def test_given_a_hospital_that_knows_of_no_allergy_when_a_doctor_looks_then_the_banner_says_both(
    sign_in: SignIn,
):
    doctor = sign_in(DOCTOR)
    doctor.find("Peter Stansfield")
    allergies = doctor.page.get_by_role("region", name="Allergies").inner_text()
    for expected in ("Penicillin", "Anaphylaxis", "Sources disagree", "NO KNOWN DRUG ALLERGIES"):
        assert expected in allergies
    expect(
        doctor.page.get_by_role("link", name="Sources disagree about an allergy")
    ).to_be_visible()


def test_given_two_anticoagulants_when_a_doctor_looks_then_the_alert_names_both_and_where_from(
    sign_in: SignIn,
):
    doctor = sign_in(DOCTOR)
    doctor.find("Baldev Singh")
    alerts = doctor.page.get_by_role("region", name="Alerts").inner_text()
    for expected in (
        "Two anticoagulants",
        "Apixaban",
        "Warfarin",
        "Aireborough and Wharfe practices",
    ):
        assert expected in alerts
    said = doctor.go(f"{doctor.here}/safety")
    assert "HAZ-01" in said
    assert "demonstration" in said


def test_given_a_source_gone_silent_when_a_doctor_looks_then_it_is_named(sign_in: SignIn):
    doctor = sign_in(DOCTOR)
    doctor.find("Margaret Holroyd")
    sources = doctor.page.get_by_role("region", name="Sources")
    assert re.search(rf"{_SOURCE} silent, last heard \d+ days ago", sources.inner_text())
    governance = sign_in(GOVERNANCE)
    governance.go("/desk")
    assert "Silent" in governance.page.get_by_role("row", name=re.compile(_SOURCE)).inner_text()


def test_given_a_nurse_of_elsewhere_when_she_breaks_the_glass_then_the_person_sees_her_and_why(
    sign_in: SignIn,
):
    nurse = sign_in(WARD_NURSE)
    refused = nurse.find("Chiamaka Okafor")
    assert "not known to be caring for this person" in refused
    why = "Found collapsed in the street and cannot speak."
    nurse.page.get_by_label("Why you need this record now").fill(why)
    nurse.page.get_by_label(re.compile("To save life")).check()
    assert "OKAFOR, " in nurse.press("Open in an emergency")
    assert why in nurse.words()
    reviewer = sign_in(GOVERNANCE)
    assert why in reviewer.go(f"{nurse.here}/looked")
    looked = sign_in("Chiamaka Okafor").go("/me/who-looked")
    assert why in looked
    assert f"{WARD_NURSE}, nurse at Chevin Mental Health NHS Trust" in looked
    assert "was refused" in looked


def test_given_a_doctor_who_looked_when_the_person_asks_who_looked_then_the_doctor_is_there(
    sign_in: SignIn,
):
    sign_in(DOCTOR).find("Margaret Holroyd")
    margaret = sign_in("Margaret Holroyd")
    assert margaret.here == "/me"
    assert "Ischaemic stroke" in margaret.words()
    looked = margaret.follow("See who looked at your record")
    picture(margaret.page, "who-looked")
    assert f"{DOCTOR}, doctor at Aireborough Hospitals NHS Trust, looked at your record" in looked


def test_given_a_person_who_disagrees_when_they_say_so_then_it_is_shown_and_can_be_taken_back(
    sign_in: SignIn,
):
    margaret = sign_in("Margaret Holroyd")
    margaret.go("/me")
    margaret.follow("High cholesterol")
    margaret.page.get_by_label("Say what it should be").fill("I was never told of this at all.")
    assert "Somebody has asked about this" in margaret.press("Send")
    margaret.follow("High cholesterol")
    assert "Somebody has asked about this" not in margaret.press("Take this back")


def test_given_a_daughter_who_may_when_she_signs_in_then_she_sees_her_mothers_record_and_no_other(
    sign_in: SignIn,
):
    daughter = sign_in("Joanne Holroyd")
    assert "The record of Mrs Margaret Holroyd" in daughter.words()
    assert_accessible(daughter.page)
    doctor = sign_in(DOCTOR)
    doctor.find("Peter Stansfield")
    other = doctor.here.removeprefix("/people/")
    assert "You may not see this" in daughter.go(f"/me/for/{other}", status=403)


@pytest.mark.skipif(not LIBRARY.is_file(), reason=MISSING)
def test_given_an_app_when_margaret_signs_in_and_lets_it_in_then_it_sees_that_much_of_her_record(
    browser: Browser, address: str, home: Path, tmp_path: Path
):
    with app_pages(tmp_path, address, count=100) as own:
        program = Program(home / "store")
        added = program(*APP, "--redirect", f"{own}/back.html")
        assert added.code == 0, added.err
        context = browser.new_context(viewport=SCREEN)
        page = context.new_page()
        page.goto(f"{own}/launch.html")
        page.get_by_role("button", name=re.compile("^Margaret Holroyd")).click()
        said = page.locator("main").inner_text()
        assert "Chart" in said
        assert_accessible(page)
        page.get_by_role("button", name="Let it in", exact=True).click()
        expect(page.get_by_role("heading")).to_have_text("Holroyd")
        expect(page.locator("p")).to_have_text("refused 403")
        assert page.get_by_role("listitem").count() > 0
        context.close()
    looked = signed_in(browser, address, "Margaret Holroyd")
    assert "Chart" in looked.go("/me/who-looked")
    looked.context.close()


def test_given_work_at_the_desk_when_governance_does_it_then_it_is_done_and_can_be_undone(
    sign_in: SignIn,
):
    governance = sign_in(GOVERNANCE)
    parked = governance.go("/desk")
    assert "Preferred Provider" in parked
    assert "the message ends too soon" in parked
    assert "FHIR R5" in parked
    item = governance.page.locator("#parked .wr-card").filter(has_text="Preferred Provider")
    item.get_by_label("Close it").fill("The council told us what the column means.")
    with governance.page.expect_navigation():
        item.get_by_role("button", name="Close").click()
    assert "Preferred Provider" not in governance.words()

    match = governance.page.locator("#matches .wr-card").filter(has_text="BABY OKAFOR")
    match.get_by_label("Why you decide so").fill("The ward's register says the baby is Ada.")
    with governance.page.expect_navigation():
        match.get_by_role("button", name="One person").click()
    assert "BABY OKAFOR" not in governance.words()

    joined = governance.find("Ada Okafor")
    assert "BABY OKAFOR" in joined
    which = governance.page.get_by_label("Which is not this person")
    baby = which.locator("option").filter(has_text="BABY OKAFOR")
    which.select_option(value=baby.get_attribute("value"))
    governance.page.get_by_label("Why").fill("It was another baby of that name after all.")
    undone = governance.press("Take out")
    members = governance.page.get_by_role("region", name="Demographics by source").inner_text()
    assert "BABY OKAFOR" not in members, undone


def _count(counting: Somebody, condition: str) -> list[str]:
    """The cells of the table that counts people with a condition."""
    counting.go("/counts")
    counting.page.get_by_label("Count people with").select_option(label=condition)
    counting.press("Count")
    return counting.page.locator(".wr-counts td").all_inner_texts()


@pytest.mark.parametrize("who", ["Kai Wong", "Dr Folake Adeyemi"])
def test_given_a_planner_or_researcher_when_they_count_strokes_then_small_numbers_are_suppressed(
    sign_in: SignIn, who: str
):
    counting = sign_in(who)
    assert counting.here == "/counts"
    assert set(_count(counting, "Stroke")) == {"not shown"}
    common = _count(counting, "High blood pressure")
    assert "not shown" in common
    numbers = [int(cell) for cell in common if cell.isdecimal()]
    assert numbers
    assert all(number == 0 or (number >= 10 and number % 5 == 0) for number in numbers)
    assert "Stroke" in counting.go("/counts/register")
    assert "You may not see this" in counting.go("/people?q=Margaret+Holroyd", status=403)


def test_given_a_planner_when_they_open_a_board_then_charts_have_tables_and_leave_nobody_out(
    sign_in: SignIn,
):
    planner = sign_in("Kai Wong")
    planner.go("/counts/boards")
    assert_accessible(planner.page)
    said = planner.go("/counts/boards/prevalence-hypertension")
    assert "How good the data are" in said
    assert "not shown" in said
    charts = planner.page.locator("svg.wr-chart").count()
    assert 1 <= charts <= planner.page.locator(".wr-main table").count()
    assert_accessible(planner.page)


def test_given_a_receptionist_when_she_opens_a_record_then_she_sees_who_it_is_and_nothing_else(
    sign_in: SignIn,
):
    reception = sign_in("Tracey Booth")
    said = reception.find("Margaret Holroyd")
    assert "Who each source says this is" in said
    assert "stroke" not in said.lower()
    person = reception.here.removesuffix("/who")
    for path in ("/condition", "/pending", "/safety"):
        assert "You may not see this" in reception.go(person + path, status=403)


def test_given_a_restricted_address_when_anybody_looks_anywhere_then_it_is_nowhere(
    sign_in: SignIn, region: Region
):
    own = next(user.nhs_number for user in region.users if user.id == "rebecca-tordoff")
    secrets = _addresses(region, own)
    assert len(secrets) >= 2
    read: list[str] = []
    for who in (DOCTOR, "Samir Haddad", "Tracey Booth", GOVERNANCE):
        somebody = sign_in(who)
        read.append(somebody.go("/people?q=Rebecca+Tordoff"))
        read.append(somebody.find("Rebecca Tordoff"))
        person = somebody.here.removesuffix("/who")
        read.append(somebody.go(f"{person}/who"))
        if who == DOCTOR:
            read += _every_page(somebody, person)
            number = person.removeprefix("/people/")
            for path in (
                f"Patient/{number}",
                f"Patient/{number}/$everything",
                f"Patient?identifier={own}",
            ):
                read.append(somebody.page.request.get(f"/record/fhir/{path}").text())
    rebecca = sign_in("Rebecca Tordoff")
    read += [rebecca.go("/me"), rebecca.go("/me/who-looked")]
    everything = "\n".join(read).casefold()
    assert "tordoff" in everything
    for secret in secrets:
        assert secret.casefold() not in everything


def _addresses(region: Region, nhs_number: str) -> set[str]:
    """First line and postcode of every address a source sent of the person."""
    found: set[str] = set()
    for delivery in region.deliveries:
        if nhs_number.encode() in delivery.body and delivery.body.lstrip().startswith(b"{"):
            for entry in json.loads(delivery.body).get("entry", ()):
                resource = entry.get("resource", {})
                if nhs_number in json.dumps(resource.get("identifier", "")):
                    for address in resource.get("address", ()):
                        found |= {address.get("postalCode", ""), *address.get("line", ())[:1]}
    return found - {""}


def _every_page(somebody: Somebody, person: str) -> list[str]:
    """Every page one link away from the first screen, every entry's, and messages behind them."""
    somebody.go(person)
    ask = somebody.page.request
    links = somebody.page.locator(".wr-panels a, .wr-banner a").all()
    paths = {link.get_attribute("href") or "" for link in links}
    pages = [ask.get(path).text() for path in sorted(paths) if path.startswith(person)]
    originals = {
        unescape(path)
        for page in pages
        for path in re.findall(rf'href="({person}/messages/[^"]*)"', page)[:2]
    }
    assert originals
    return pages + [ask.get(path).text() for path in sorted(originals)]


def test_given_ten_thousand_entries_when_the_record_opens_then_it_is_one_light_request(
    sign_in: SignIn, address: str
):
    doctor = sign_in(DOCTOR)
    doctor.find("Vikram Desai")
    person = doctor.here
    cookies = {one["name"]: one["value"] for one in doctor.context.cookies()}
    asked: list[str] = []
    # Not counted is the little question whether what is open may still be shown.
    doctor.page.on(
        "request",
        lambda request: "/still/" in request.url or asked.append(request.resource_type),
    )
    for path in (person, f"{person}/result", f"{person}/result?page=100", f"{person}/observation"):
        asked.clear()
        doctor.go(path)
        assert asked.count("document") == 1
        assert not {"script", "xhr", "fetch"} & set(asked)
        with httpx.stream(
            "GET", address + path, cookies=cookies, headers={"accept-encoding": "gzip"}
        ) as answer:
            weight = sum(map(len, answer.iter_raw()))
            assert answer.headers["content-encoding"] == "gzip"
        assert weight <= _HEAVIEST
    entries = doctor.page.locator(".wr-kinds span").all_inner_texts()
    assert sum(map(int, entries)) > 10_000


def test_given_a_slow_computer_and_network_when_a_record_opens_then_it_is_soon_useful(
    sign_in: SignIn, capsys: pytest.CaptureFixture[str]
):
    doctor = sign_in(DOCTOR)
    doctor.find("Vikram Desai")
    slow = doctor.context.new_cdp_session(doctor.page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    slow.send("Network.enable")
    network = {
        "offline": False,
        "latency": 80,
        "downloadThroughput": 2.5e6,
        "uploadThroughput": 2.5e6,
    }
    slow.send("Network.emulateNetworkConditions", network)
    began = time.perf_counter()
    doctor.page.goto(doctor.here, wait_until="domcontentloaded")
    doctor.page.locator(".wr-panel--pending").wait_for()
    took = time.perf_counter() - began
    with capsys.disabled():
        print(  # noqa: T201 - a measurement to be read
            f"\n  first screen of ten thousand entries, slowed: {took:.2f} s"
        )
    assert took < 10


def test_given_only_a_keyboard_when_the_first_screen_is_open_then_every_link_is_reached(
    sign_in: SignIn,
):
    doctor = sign_in(DOCTOR)
    doctor.find("Margaret Holroyd")
    controls = 'a[href], button, input:not([type=hidden]), [tabindex="0"]'
    wanted: int = doctor.page.evaluate("what => document.querySelectorAll(what).length", controls)
    reached: set[int] = set()
    for _ in range(wanted * 2):
        doctor.page.keyboard.press("Tab")
        reached.add(
            doctor.page.evaluate(
                "what => [...document.querySelectorAll(what)].indexOf(document.activeElement)",
                controls,
            )
        )
    assert len(reached - {-1}) == wanted


def test_given_no_script_when_a_doctor_works_then_the_whole_way_to_a_message_is_open(
    browser: Browser, address: str
):
    context = browser.new_context(viewport=SCREEN, base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name=re.compile(f"^{DOCTOR}")).click()
    page.get_by_label("NHS number, or name and date of birth").fill("Margaret Holroyd")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Margaret Holroyd").click()
    page.get_by_role("link", name="Ischaemic stroke").first.click()
    page.get_by_role("link", name=re.compile("^The message")).first.click()
    expect(page.get_by_role("heading", name=re.compile(r"^Message \d+"))).to_be_visible()
    context.close()


def test_given_a_program_when_it_asks_fhir_then_it_is_answered_as_whoever_is_signed_in(
    sign_in: SignIn, address: str, region: Region
):
    doctor = sign_in(DOCTOR)
    number = next(user.nhs_number for user in region.users if user.id == "margaret-holroyd")
    ask = doctor.page.request
    found = ask.get(
        f"/record/fhir/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|{number}"
    ).json()
    assert found["total"] == 1
    patient = found["entry"][0]["resource"]["id"]
    everything = ask.get(f"/record/fhir/Patient/{patient}/$everything")
    assert everything.ok
    kinds = {entry["resource"]["resourceType"] for entry in everything.json()["entry"]}
    assert {"Patient", "Condition", "MedicationStatement", "Observation"} <= kinds, kinds
    conditions = ask.get(f"/record/fhir/Condition?patient={patient}").json()["entry"]
    assert sum("stroke" in json.dumps(one["resource"]["code"]).lower() for one in conditions) == 1
    for path in (f"Patient/{patient}/$everything", f"Condition?patient={patient}"):
        refused = httpx.get(f"{address}/record/fhir/{path}")
        assert refused.status_code == 401
        assert refused.json()["resourceType"] == "OperationOutcome"
    stranger = sign_in(WARD_NURSE).page.request
    doctor.find("Vikram Desai")
    other = doctor.here.removeprefix("/people/")
    assert stranger.get(f"/record/fhir/Condition?patient={other}").status == 403


def test_given_the_program_runs_when_asked_whether_it_is_ready_then_it_is(address: str):
    answer = httpx.get(f"{address}/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})
