"""Whoever opened a record while it showed what was wrong is listed, and told once at sign-in."""

import re
from datetime import UTC, datetime

import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, send, site
from tests.unit.door_web import application_of, client
from wholerecord.access import Actor, Opened
from wholerecord.access.finding_wrong import find_wrong
from wholerecord.access.wrong_facts import Wrong
from wholerecord.consent import Purpose, Role, Rule
from wholerecord.fold import About, Verdict
from wholerecord.record import PatientKey

MINE = PatientKey("pas", "p1").id
IN_ERROR = {
    "verificationStatus": {
        "coding": [
            {
                "system": "http://terminology.hl7.org/CodeSystem/condition-ver-status",
                "code": "entered-in-error",
            }
        ]
    }
}


def of(who: str, role: Role = Role.DOCTOR) -> Actor:
    return Actor(id=who, name=f"{who} Example", role=role, organisation="RXA")


async def opened(way, person, who: str = "DOCTOR", role: Role = Role.DOCTOR) -> None:
    looked = await way.door(of(who, role)).open(person, purpose=Purpose.DIRECT_CARE)
    assert isinstance(looked, Opened)


async def found(way) -> int:
    return await find_wrong(way.store, datetime.now(UTC))


@pytest.fixture
async def here():
    way, person = await site(bundle(patient("p1", NUMBER), condition("c0", "p1")))
    await found(way)
    return way, person


async def told(way, who: str = "DOCTOR") -> list[Wrong]:
    return [one.how for one in await way.door(of(who)).wrong_notices()]


async def test_who_saw_what_its_source_took_back_is_told_and_nobody_else(here):
    way, person = here
    await opened(way, person, "EARLY")
    await send(way, bundle(patient("p1", NUMBER), condition("c1", "p1")))
    await opened(way, person)
    await opened(way, person)
    await send(way, bundle(patient("p1", NUMBER), condition("c1", "p1", **IN_ERROR)))
    await opened(way, person, "LATE")
    assert (await found(way), await found(way)) == (1, 0)
    assert [await told(way, who) for who in ("DOCTOR", "EARLY", "LATE")] == [
        [Wrong.TAKEN_BACK],
        [],
        [],
    ]
    [notice] = await way.door(of("DOCTOR")).wrong_notices()
    assert (notice.person, notice.looks) == (person, 2)


async def test_who_saw_what_was_wrong_before_anybody_looked_for_it_is_told():
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    await opened(way, person)
    await send(way, bundle(patient("p1", NUMBER), condition("c1", "p1", **IN_ERROR)))
    assert (await found(way), await found(way)) == (1, 0)
    assert await told(way) == [Wrong.TAKEN_BACK]


async def test_who_saw_what_was_ruled_wrong_is_told(here):
    way, person = here
    await opened(way, person)
    about = (About(patient=MINE, kind="Condition", id="c0"),)
    await way.store.rule(Verdict.WRONG, about, by="gp", why="another person's")
    assert (await found(way), await found(way)) == (1, 0)
    assert await told(way) == [Wrong.RULED]


RULED = {
    Verdict.WRONG_PERSON: Wrong.ANOTHERS,
    Verdict.SIDE: Wrong.SIDE,
    Verdict.UPHELD: Wrong.UPHELD,
    Verdict.SUPERSEDED: Wrong.SUPERSEDED,
}


@pytest.mark.parametrize("verdict", RULED, ids=lambda verdict: verdict.value)
async def test_who_saw_what_any_ruling_says_was_wrong_is_told(here, verdict):
    way, person = here
    await send(way, bundle(patient("p1", NUMBER), condition("c1", "p1", onsetDateTime="2010")))
    await opened(way, person)
    about = [About(patient=MINE, kind="Condition", id=own) for own in ("c1", "c0")]
    if verdict is not Verdict.SUPERSEDED:
        del about[0]
    ruling = await way.store.rule(verdict, about, by="gp", why="seen", side="left")
    await opened(way, person, "LATE")
    assert (await found(way), await found(way)) == (1, 0)
    assert await told(way) == [RULED[verdict]]
    assert await told(way, "LATE") == []
    await way.store.withdraw(ruling.n, by="gp")
    assert await told(way) == [RULED[verdict]]  # they saw it, and the ruling was made


async def test_what_was_only_said_again_tells_nobody(here):
    way, person = here
    await opened(way, person)
    await send(way, bundle(patient("p1", NUMBER), condition("c0", "p1", onsetDateTime="2023-05")))
    assert await found(way) == 0


async def test_of_what_anybody_is_kept_from_nobody_is_told(here):
    way, person = here
    await opened(way, person)
    hides = Rule(allow=False, purpose=Purpose.DIRECT_CARE, role=Role.NURSE, person=person,
                 item=f"{MINE}/Condition/c0", reason="hidden")  # fmt: skip
    await way.store.add_rule(hides)
    await send(way, bundle(patient("p1", NUMBER), condition("c0", "p1", **IN_ERROR)))
    assert await found(way) == 0
    assert await told(way) == []


async def test_the_notice_is_read_at_sign_in_and_listed_beside_the_record(here):
    way, person = here
    app = application_of(way, person)
    await opened(way, person)
    await send(way, bundle(patient("p1", NUMBER), condition("c0", "p1", **IN_ERROR)))
    await found(way)
    async with client(app, "DOCTOR") as browser:
        assert (await browser.get("/")).headers["location"] == "/notices"
        page = (await browser.get("/notices")).text
        assert "taken back by its source" in page
        assert "Stroke" not in page
        assert "who opened it is told" in (await browser.get(f"/people/{person}/who")).text
        [form, *_] = re.findall(r'name="form" value="([0-9a-f]+)"', page)
        sent = {"form": form, "of": "fact", "n": "1"}
        async with client(app, "NURSE") as another:
            theirs = (await another.get("/notices")).text
            [own, *_] = re.findall(r'name="form" value="([0-9a-f]+)"', theirs)
            answer = await another.post("/notices", data=sent | {"form": own})
            assert answer.status_code == 404
        assert (await browser.post("/notices", data=sent)).status_code == 303
        assert "nothing you need to know" in (await browser.get("/notices")).text
        assert "they said that they know" in (await browser.get(f"/people/{person}/who")).text
