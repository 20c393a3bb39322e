"""What pages say of studies: to anybody, to checkers, and to each person counted."""

from datetime import UTC, datetime
from pathlib import Path

import httpx

from tests.conformance.demographics import patient
from tests.conformance.test_studies import ask, opt_out, place
from tests.unit.door_web import SECRET_OF_SESSIONS, application_of, client
from wholerecord.portal import Seal
from wholerecord.portal.shared.session import form_token
from wholerecord.record import PersonId
from wholerecord.research.study.book import Standing
from wholerecord.research.study.submit import Place
from wholerecord.storage.memory import Store

NEAR = b"""
has = condition.where(row.code in codes("44054006"))
study("Born late", people=has.exists() and person.born > date(1942, 6, 1))
table("=by sex", by=[person.sex])
"""
MEAN = b"""
study("Ages", people=known(person.sex))
table("t", mean=age_at(date(2026, 1, 1)))
"""


async def browser(at: Place, who: str = "", n: int = 3) -> httpx.AsyncClient:
    """A browser of somebody; the patient is whoever patient `n` is."""
    person = await at.way.store.person_of(patient("gp", f"a{n}")) or PersonId("")
    return client(application_of(at.way, person, snapshots=at.snapshots), who)


async def page(at: Place, path: str, who: str = "", n: int = 3) -> str:
    async with await browser(at, who, n) as one:
        answer = await one.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text


async def check(at: Place, n: int, verdict: str, who: str = "GOVERNANCE") -> int:
    async with await browser(at, who) as one:
        session = Seal(SECRET_OF_SESSIONS).read(
            one.cookies.get("wholerecord", ""), now=datetime.now(UTC)
        )
        assert session is not None
        form = {
            "form": form_token(session),
            "n": str(n),
            "verdict": verdict,
            "why": "looked at it closely",
        }
        return (await one.post("/desk/airlock", data=form)).status_code


async def test_anybody_reads_which_projects_and_studies_there_are(tmp_path: Path):
    store = Store()
    at = await place(store, tmp_path)
    case = await ask(at)
    await ask(at, actor="bob")
    await ask(at, project="<b>no</b>")
    register = await page(at, "/counts/register")
    assert "section 251" in register
    assert "Diabetes" in register
    assert case.code[:16] in register
    assert register.count("refused") == 2
    assert "none that is approved" in register
    for secret in ("ann", "bob", "<b>no"):
        assert secret not in register
    one = await page(at, f"/counts/register/{case.n}")
    assert "30 before opt-outs, 30 after" in one
    assert case.code in one
    assert "15</td>" in one
    refused = await page(at, "/counts/register/2")
    assert "15" not in refused.partition("<h1")[2].partition("When")[0]
    async with await browser(at) as anybody:
        assert (await anybody.get("/counts/register/2/csv")).status_code == 404
        assert (await anybody.get("/counts/register/99")).status_code == 404
        taken = await anybody.get(f"/counts/register/{case.n}/csv")
    assert taken.headers["content-type"].startswith("text/csv")
    assert taken.text.splitlines() == ["sex,people", "female,15", "male,15"]


async def test_what_waits_says_what_is_wrong_and_two_different_people_release_it(tmp_path: Path):
    store = Store()
    at = await place(store, tmp_path)
    await ask(at)
    case = await ask(at, NEAR)
    assert case.standing is Standing.WAITING
    public = await page(at, f"/counts/register/{case.n}")
    assert "waiting for two checkers" in public
    assert "Born late" not in public
    assert "<td>1" not in public
    airlock = await page(at, "/desk/airlock", "GOVERNANCE")
    assert "its people differ by a few from those of an earlier release" in airlock
    assert "Ask the earlier question again" in airlock
    assert "by ann" in airlock
    assert await check(at, case.n, "release") == 303
    assert await check(at, case.n, "release") == 404  # the same person is no second checker
    assert (await store.study_case(case.n)).standing is Standing.WAITING
    await store.check_study(case.n, by="another", approve=True, why="clear")
    assert "Nothing waits." in await page(at, "/desk/airlock", "GOVERNANCE")
    async with await browser(at) as anybody:
        csv = (await anybody.get(f"/counts/register/{case.n}/csv")).text
    assert "female,15" in csv
    looks = [each for each in await store.openings() if each.part == f"release study {case.n}"]
    assert [each.allowed for each in looks] == [True, False]


async def test_a_mean_can_only_be_kept_back(tmp_path: Path):
    store = Store()
    at = await place(store, tmp_path)
    case = await ask(at, MEAN)
    airlock = await page(at, "/desk/airlock", "GOVERNANCE")
    assert "It holds nothing that could be released." in airlock
    assert "It may leave" not in airlock
    assert await check(at, case.n, "release") == 404
    assert await check(at, case.n, "nonsense") == 400
    assert await check(at, case.n, "keep") == 303
    assert (await store.study_case(case.n)).standing is Standing.KEPT_BACK


async def test_each_person_reads_which_studies_they_were_in_and_who_opted_out_none(tmp_path: Path):
    store = Store()
    at = await place(store, tmp_path)
    await opt_out(store, 4)
    await ask(at)
    assert "Diabetes" in await page(at, "/me/studies", "PATIENT", 3)
    out = await page(at, "/me/studies", "PATIENT", 4)
    assert "Diabetes" not in out
    assert "None." in out
    own, kept = patient("gp", "a3"), await store.person_of(patient("gp", "a5"))
    await store.join(own, kept, by="dr", why="one person")
    assert "Diabetes" in await page(at, "/me/studies", "PATIENT", 5)
