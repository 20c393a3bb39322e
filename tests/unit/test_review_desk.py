"""The review desk over the reference store: one question, decided by keyboard, taken back."""

import re
from collections.abc import Iterator

import pytest

from tests.unit.portal_site import Region, region
from tests.unit.test_portal_pages import token
from wholerecord.access.harm import harm
from wholerecord.fold import fold
from wholerecord.people import Act, Asked
from wholerecord.portal.desk.matching import REASONS


@pytest.fixture
def here() -> Iterator[Region]:
    made = region()
    with made.runner:
        yield made


def test_a_question_shows_both_sides_the_evidence_and_what_would_change(here: Region):
    page = here.client("governance").get("/desk/matches").text
    assert "Are these one person?" in page
    assert "1 of 1" in page
    assert re.search(r"speaks \w+( \w+)? for one person", page)
    assert "Ruth Adeyemi" in page
    for key in ("1", "2", "3", "r"):
        assert f'accesskey="{key}"' in page
    assert "gain, if they are one" in page
    assert "who the person is" in page


def test_each_decision_leads_on_and_is_taken_back_with_one_click(here: Region):
    client = here.client("governance")
    for verdict, act in (("join", Act.JOIN), ("veto", Act.VETO), ("unsure", Act.UNSURE)):
        page = client.get("/desk/matches").text
        sent = {"form": token(page), "because": REASONS[0], "verdict": verdict}
        asked = re.search(r'action="(/desk/matches/\d+)"', page)
        assert asked
        after = client.post(asked[1], data=sent)
        last = [
            event for event in here.runner.run(here.store.events(here.ruth)) if event.act is act
        ]
        assert last[-1].by == "governance"
        assert last[-1].why == REASONS[0]
        if verdict == "unsure":
            assert "by somebody who could not tell" in client.get("/desk/matches").text
            return
        assert "No match waits" in after.text
        n = re.search(r'name="n" value="(\d+)"', after.text)
        assert n
        back = client.post(
            "/desk/take-back",
            data={"form": token(after.text), "n": n[1], "person": here.ruth},
        )
        assert "Are these one person?" in back.text


def test_a_decision_needs_a_reason_and_a_verdict(here: Region):
    client = here.client("governance")
    page = client.get("/desk/matches/1").text
    for sent in ({"verdict": "join"}, {"because": REASONS[0], "verdict": "burn"}):
        answer = client.post("/desk/matches/1", data={"form": token(page)} | sent)
        assert answer.status_code == 400
    assert client.get("/desk/matches/77").status_code == 404
    assert client.get("/desk/matches/x").status_code == 404


def test_what_a_detector_found_is_shown_with_its_reason_and_taken_out(here: Region):
    async def found() -> None:
        members = await here.store.members(here.grace)
        asked = Asked(
            patient=members[0].patient,
            person=here.grace,
            weight=0.0,
            parts=(),
            against=True,
            why="two verified NHS numbers",
        )
        await here.store.ask([asked])

    here.runner.run(found())
    client = here.client("governance")
    page = client.get("/desk/matches").text  # a join that is wrong is the most harmful
    assert "Is this patient still this person?" in page
    assert "two verified NHS numbers" in page
    assert "Take them out" in page
    assert "two verified NHS numbers" in client.get("/desk").text
    sent = {"form": token(page), "because": REASONS[4], "verdict": "unlink"}
    n = re.search(r'action="/desk/matches/(\d+)"', page)
    assert n
    client.post(f"/desk/matches/{n[1]}", data=sent)
    assert len(here.runner.run(here.store.members(here.grace))) == 1


def test_only_those_whose_work_it_is_see_a_question(here: Region):
    for who in ("doctor", "reception", "grace"):
        for path in ("/desk/matches", "/desk/matches/1", "/desk/matches/77"):
            assert here.client(who).get(path).status_code == 403


def test_harm_counts_what_changes_treatment_and_what_is_on_screens():
    nothing = fold([])
    assert harm(nothing, joined=False) == 1.0
    assert harm(nothing, nothing, joined=True) > harm(nothing, nothing, joined=False)


def test_whoever_opened_a_wrongly_joined_record_is_told_when_they_sign_in(here: Region):
    doctor = here.client("doctor")
    assert doctor.get(f"/people/{here.grace}").status_code == 200
    members = here.runner.run(here.store.members(here.grace))
    gp = next(member for member in members if member.source == "gp")
    here.runner.run(here.store.unlink(gp.patient, by="governance", why="two people"))
    again = here.client("doctor")
    told = again.get("/notices").text
    assert "Somebody else's information was part of" in told
    assert "Okafor" not in told
    signed_in = again.post("/sign-in", data={"persona": "doctor"})
    assert signed_in.url.path == "/notices"
    told = signed_in.text
    page = here.client("governance").get(f"/people/{here.grace}/who").text
    assert "Dr Priya Example, doctor, RX1" in page
    assert "who opened it is told when they next sign in" in page
    n = re.search(r'name="n" value="(\d+)"', told)
    assert n
    done = again.post("/notices", data={"form": token(told), "n": n[1]})
    assert "nothing you need to know" in done.text
    assert "said that they know" in here.client("governance").get(f"/people/{here.grace}/who").text
    assert again.post("/notices", data={"form": token(told), "n": n[1]}).status_code == 404


def test_what_may_be_theirs_is_counted_beside_the_record_and_resolved_by_whose_work_it_is(
    here: Region,
):
    doctor, governance = here.client("doctor"), here.client("governance")
    assert "question open" not in doctor.get(f"/people/{here.grace}").text

    async def asked() -> int:
        one = (await here.store.members(here.ruth))[0]
        await here.store.ask([Asked(patient=one.patient, person=here.grace, weight=30.0, parts=())])
        [review] = await here.store.reviews_of(here.grace)
        return review.n

    n = here.runner.run(asked())
    first = doctor.get(f"/people/{here.grace}").text
    assert "1 question open" in first
    assert "Ruth" not in first
    assert "question open" not in doctor.get(f"/people/{here.grace}?at=2199-01-01").text
    page = doctor.get(f"/people/{here.grace}/who").text
    assert "Not in this record" in page
    assert "/desk/matches" not in page
    assert f"/desk/matches/{n}" in governance.get(f"/people/{here.grace}/who").text
