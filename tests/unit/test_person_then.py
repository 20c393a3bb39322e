"""FHIR as known at a past time: who a person was and what their record held, by links of then."""

import asyncio
from datetime import timedelta

import pytest

from tests.e2e.deliveries import bundle, condition
from tests.unit.door_site import send, site
from tests.unit.door_web import application_of, client
from tests.unit.test_whereabouts import living
from wholerecord.consent import Purpose, Rule

ALONE = {"identifier": [], "birthDate": "1999-01-02"}


def told(link):
    """What is said of each decision about a link, by name."""
    return [
        {part["url"]: next(v for k, v in part.items() if k.startswith("value")) for part in parts}
        for each in link["extension"]
        for parts in [[part for part in each["extension"] if part["url"] != "evidence"]]
    ]


@pytest.fixture
async def there():
    """A browser, the person, the one joined to them, and moments before and after."""
    way, person = await site(bundle(living("p1", restricted=False), condition("c1", "p1")))
    other = living("p2", restricted=False) | ALONE
    await send(way, bundle(other, condition("c2", "p2", code={"text": "Gout"})), "other")
    [second] = [one for one in await way.store.people() if one != person]
    [member] = await way.store.members(second)
    joined = await way.store.join(member.patient, person, by="gov-1", why="the same")
    before = (joined.at - timedelta(microseconds=1)).isoformat()
    await asyncio.sleep(0.001)
    async with client(application_of(way, person), "DOCTOR") as browser:
        yield way, browser, person, second, before, joined.at.isoformat()


async def read(browser, path, **asked):
    answer = await browser.get(f"/record/fhir/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_person_is_told_with_the_links_of_the_moment_and_who_decided_them(there):
    _, browser, person, _, before, _ = there

    now = await read(browser, f"Person/{person}")
    then = await read(browser, f"Person/{person}", _at=before)

    assert [link["target"]["display"] for link in now["link"]] == ["OTHER", "PAS"]
    acts = [[one["act"] for one in told(link)] for link in now["link"]]
    assert acts == [["join"], ["link"]]
    [[joined], _] = [told(link) for link in now["link"]]
    assert (joined["by"], joined["why"], joined["here"]) == ("gov-1", "the same", True)
    assert [link["target"]["display"] for link in then["link"]] == ["PAS"]
    assert "join" not in str(then)


async def test_who_a_person_was_is_read_by_who_may_read_them_now(there):
    _, browser, person, second, before, _ = there

    patient = await read(browser, f"Patient/{person}", _at=before)
    assert patient["id"] == person
    assert "1999-01-02" not in str(patient)
    assert (await read(browser, f"Patient/{second}"))["id"] == person


async def test_who_has_become_another_is_told_as_they_were_with_who_they_are_now(there):
    way, browser, person, second, before, joined = there

    patient = await read(browser, f"Patient/{second}", _at=before)
    assert patient["id"] == second
    assert "1999-01-02" in str(patient)
    [link] = patient["link"]
    assert link == {"other": {"reference": f"Patient/{person}"}, "type": "replaced-by"}
    assert patient["active"] is False
    then = await read(browser, f"Person/{second}", _at=before)
    assert then["active"] is False
    assert [link["target"].get("reference", "") for link in then["link"]] == [
        "",
        f"Person/{person}",
    ]
    found = await read(browser, f"Patient/{second}/$everything", _type="Condition", _at=before)
    assert [one["resource"]["code"]["text"] for one in found["entry"]] == ["Gout"]
    looks = [(one.person, one.allowed) for one in await way.store.openings()]
    assert (person, True) in looks  # judged of, and written down for, who they are now
    after = await browser.get(f"/record/fhir/Patient/{second}", params={"_at": joined})
    assert after.status_code == 403  # by then nobody was that person


async def test_who_may_not_read_who_they_are_now_reads_nothing_of_who_they_were(there):
    way, _, person, second, before, _ = there
    rule = Rule(purpose=Purpose.DIRECT_CARE, allow=False, person=person, reason="their own")
    await way.store.add_rule(rule)
    async with client(application_of(way, person), "DOCTOR") as browser:
        for path in ("Patient", "Person"):
            answer = await browser.get(f"/record/fhir/{path}/{second}", params={"_at": before})
            assert answer.status_code == 403
            assert person not in answer.text


@pytest.mark.parametrize("whose", ["now", "then"])
async def test_what_is_withheld_of_either_is_withheld_of_who_they_were(there, whose):
    way, _, person, second, before, _ = there
    about = {"now": person, "then": second}[whose]
    rule = Rule(
        purpose=Purpose.DIRECT_CARE,
        allow=False,
        person=about,
        source="other",
        reason="their own",
    )
    await way.store.add_rule(rule)
    async with client(application_of(way, person), "DOCTOR") as browser:
        said = await read(browser, f"Patient/{second}/$everything", _type="Condition", _at=before)
        assert "Gout" not in str(said)


async def test_taken_out_again_both_are_told_as_they_were_at_each_moment(there):
    way, browser, person, second, before, between = there
    [member, _] = await way.store.members(person)
    await way.store.unlink(member.patient, by="gov-2", why="another")

    sizes = [
        len((await read(browser, f"Person/{one}", **asked)).get("link", ()))
        for one in (person, second)
        for asked in ({"_at": before}, {"_at": between}, {})
        if (one, asked) != (second, {"_at": between})  # nobody was that person then
    ]
    assert sizes == [1, 2, 1, 1, 1]
    taken_out = (await read(browser, f"Person/{person}"))["extension"]
    assert "unlink" in str(taken_out)
    assert second not in str(taken_out)


async def test_everything_is_of_what_was_known_then(there):
    _, browser, person, _, before, _ = there
    path = f"Patient/{person}/$everything"

    now = await read(browser, path, _type="Condition")
    then = await read(browser, path, _type="Condition", _at=before)
    pages = await read(browser, path, _type="Condition", _at=before, _count=1)

    assert len(then["entry"]) < len(now["entry"])
    assert pages["entry"] == then["entry"][:1]
    assert pages["total"] == then["total"]


@pytest.mark.parametrize("wrong", ["yesterday", "2026-03-01", "2026-03-01T09:00:00", ""])
@pytest.mark.parametrize("path", ["Person/{}", "Patient/{}", "Patient/{}/$everything"])
async def test_what_is_no_moment_is_said_to_be_none(there, wrong, path):
    _, browser, person, *_ = there
    answer = await browser.get(f"/record/fhir/{path.format(person)}", params={"_at": wrong})
    assert answer.status_code == 400
    assert "moment" in answer.text
