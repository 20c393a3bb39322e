"""Pages that are open ask whether they may still be shown, and nothing else comes of asking."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, actor, secret, site
from tests.unit.door_web import application_of, carer_allowed, client
from tests.unit.test_choices import hide
from tests.unit.test_signing_in import Clock
from wholerecord.access import Doorway
from wholerecord.consent import Purpose, Role, Rule
from wholerecord.consent.wish import What
from wholerecord.portal.shared import visit
from wholerecord.record import PatientKey, PersonId

ITEM = f"{PatientKey('pas', 'p1').id}/Condition/s1"


async def world() -> tuple[Doorway, PersonId]:
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1"), secret("")))
    await carer_allowed(way, person)
    return way, person


def asked_by(page: httpx.Response) -> str:
    """The address that a page asks by itself; "" where it asks nothing."""
    found = re.search(r'<script data-still="([^"]+)"', page.text)
    return unescape(found[1]) if found else ""


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("DOCTOR", "/people/{}"),
        ("NURSE", "/people/{}/condition"),
        ("CARER", "/me/for/{}"),
        ("PATIENT", "/me"),
        ("RECEPTIONIST", "/people/{}/who"),
    ],
)
async def test_a_page_of_a_record_asks_until_a_decision_of_the_person_changes_it(who, path):
    way, person = await world()
    async with client(application_of(way, person), who) as browser:
        asked = asked_by(await browser.get(path.format(person)))
        looks = len(await way.store.openings_of(person))
        assert (await browser.get(asked)).status_code == 204
        assert len(await way.store.openings_of(person)) == looks  # nothing was shown
        for purpose in (Purpose.DIRECT_CARE, Purpose.OWN_RECORD, Purpose.ADMINISTRATION):
            rule = Rule(
                allow=False, purpose=purpose, person=person, actor=who, reason="they said no"
            )
            await way.store.add_rule(rule)
        told = await browser.get(asked)
        assert (told.status_code, told.content) == (205, b"")
        assert told.headers["cache-control"] == "no-store"


async def test_what_is_hidden_changes_the_page_of_whom_it_is_hidden_from_and_of_nobody_else():
    way, person = await world()
    app = application_of(way, person)
    me = way.door(actor(Role.PATIENT, person=person))
    async with client(app, "DOCTOR") as doctor, client(app, "PATIENT") as own:
        theirs = asked_by(await doctor.get(f"/people/{person}/condition"))
        mine = asked_by(await own.get("/me"))
        await me.prefer(person, hide(What.ITEM, ITEM))
        assert (await doctor.get(theirs)).status_code == 205
        assert (await own.get(mine)).status_code == 204
        again = asked_by(await doctor.get(f"/people/{person}/condition"))
        assert (await doctor.get(again)).status_code == 204


async def test_what_is_said_anew_takes_nobodys_page_away():
    way, person = await world()
    async with client(application_of(way, person), "DOCTOR") as browser:
        asked = asked_by(await browser.get(f"/people/{person}"))
        await way.store.declare((await way.store.sources())[0])
        assert (await browser.get(asked)).status_code == 204


async def test_a_mark_is_good_in_its_session_and_of_its_person_alone():
    way, person = await world()
    app = application_of(way, person)
    async with client(app, "DOCTOR") as one, client(app, "DOCTOR") as other:
        asked = asked_by(await one.get(f"/people/{person}"))
        assert (await other.get(asked)).status_code == 205
        assert (await one.get(asked.replace(person, "f" * 32))).status_code == 205
        assert (await one.get(asked.replace("view=record", "view=message"))).status_code == 205
        assert (await one.get(f"{asked}\u00e9")).status_code == 205
        assert (await one.get(f"/still/{person}?purpose=care")).status_code == 400
    async with client(app) as nobody:
        assert (await nobody.get(asked)).status_code == 303


async def test_asking_keeps_nobody_signed_in(monkeypatch: pytest.MonkeyPatch):
    way, person = await world()
    async with client(application_of(way, person), "DOCTOR") as browser:
        asked = asked_by(await browser.get(f"/people/{person}"))
        clock = Clock(datetime.now(UTC))
        began = clock.at
        monkeypatch.setattr(visit, "datetime", clock)
        for minute in range(2, 15, 4):  # as by a program that says nothing of how it asks
            clock.at = began + timedelta(minutes=minute)
            assert (await browser.get(asked)).status_code == 204
        clock.at = began + timedelta(minutes=16)
        gone = await browser.get(asked)
        assert (gone.status_code, gone.headers["location"][:8]) == (303, "/sign-in")


async def test_without_script_the_browser_loads_a_page_of_a_record_again_by_itself():
    way, person = await world()
    async with client(application_of(way, person), "DOCTOR") as browser:
        page = (await browser.get(f"/people/{person}")).text
        assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
        other = await browser.get("/about")
        assert "refresh" not in other.text
        assert "script-src" not in other.headers["content-security-policy"]
