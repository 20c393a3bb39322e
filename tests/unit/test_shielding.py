"""What a professional hides from the person themselves, and Consents as FHIR says them."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, actor, secret, send, site
from tests.unit.door_web import application_of, carer_allowed, client
from tests.unit.test_choices import hide, post
from wholerecord.access import Opened, Refused
from wholerecord.access.shielding import LONGEST, Because
from wholerecord.consent import Purpose, Role
from wholerecord.consent.wish import Act, What, Wish
from wholerecord.errors import Incorrect, NotFound
from wholerecord.fold import About
from wholerecord.record import PatientKey

OWN, CARE = Purpose.OWN_RECORD, Purpose.DIRECT_CARE
ABOUT = (About(PatientKey("pas", "p1").id, "Condition", "s1"),)
SECRET = "Chlamydia"
HARM = "could lead them to harm themselves"


def soon():
    return datetime.now(UTC) + timedelta(days=30)


async def world():
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1"), secret("")))
    await carer_allowed(way, person)
    return way, person, way.door(actor(Role.PATIENT, person=person))


async def titles(way, person, role, purpose=OWN):
    own = person if role is Role.PATIENT else None
    opened = await way.door(actor(role, person=own)).open(person, purpose=purpose)
    assert isinstance(opened, Opened)
    return " ".join(entry.title for entry in opened.record.entries)


async def test_what_could_do_serious_harm_is_hidden_from_the_person_and_not_from_staff():
    way, person, _ = await world()
    doctor = way.door(actor(Role.DOCTOR))
    assert SECRET in await titles(way, person, Role.PATIENT)
    assert await doctor.shield(person, ABOUT, until=soon(), why=HARM) is None
    for role in (Role.PATIENT, Role.CARER):
        assert SECRET not in await titles(way, person, role)
    assert SECRET in await titles(way, person, Role.NURSE, CARE)
    [kept] = await way.store.preferences_of(person)
    assert await doctor.unshield(person, kept.n) is None
    assert SECRET in await titles(way, person, Role.PATIENT)


@pytest.mark.parametrize("code", ["NOPAT", "third-party"])
async def test_what_its_source_keeps_from_the_person_is_kept_from_them_and_marked_for_staff(code):
    way, person, _ = await world()
    await send(way, bundle(patient("p1", NUMBER), secret(code) | {"id": "s2"}), "gp")
    await send(way, bundle(patient("p1", NUMBER), secret(code)))
    for role in (Role.PATIENT, Role.CARER):
        assert SECRET not in await titles(way, person, role)
    for role in (Role.DOCTOR, Role.NURSE, Role.GP):
        assert SECRET in await titles(way, person, role, CARE)
    app = application_of(way, person)
    async with client(app, "DOCTOR") as browser:
        assert "Not shown to the person" in (await browser.get(f"/people/{person}/condition")).text
    async with client(app, "PATIENT") as browser:
        for path in ("/me", "/me/condition", "/me/timeline", "/me/print", "/me/who-can-see"):
            page = await browser.get(path)
            assert SECRET not in page.text, path
            assert "confidence" not in page.text, path
        pack = await browser.get("/me/pack")
        with ZipFile(BytesIO(pack.content)) as files:
            assert all(SECRET.encode() not in files.read(name) for name in files.namelist())
        for path in (f"Patient/{person}/$everything", f"Patient/{person}/$summary", "Condition"):
            answer = await browser.get(f"/record/fhir/{path}", params={"patient": person})
            assert SECRET not in answer.text, path
        for n in range(1, 4):
            assert SECRET not in (await browser.get(f"/me/messages/{n}")).text


async def test_what_is_about_somebody_else_is_hidden_by_a_professional_in_that_name():
    way, person, _ = await world()
    doctor = way.door(actor(Role.DOCTOR))
    why = "her sister told us of her own diagnosis"
    refused = await doctor.shield(person, ABOUT, until=soon(), why=why, because=Because.OTHERS)
    assert refused is None
    assert SECRET not in await titles(way, person, Role.PATIENT)
    [kept] = await way.store.preferences_of(person)
    assert "about somebody else" in kept.rules[0].reason
    assert kept.rules[0].basis.endswith("Schedule 2 paragraphs 16 and 17")


async def test_the_person_sees_nowhere_that_something_is_hidden():
    way, person, me = await world()
    app = application_of(way, person)
    await way.door(actor(Role.DOCTOR)).shield(person, ABOUT, until=soon(), why=HARM)
    decided = await me.decided(person)
    assert decided.preferences == ()
    with pytest.raises(NotFound):
        await me.end_preference(person, 1)
    async with client(app, "PATIENT") as browser:
        for path in ("/me", "/me/choices", "/me/who-looked", "/me/who-can-see", "/me/condition"):
            page = (await browser.get(path)).text
            assert "serious harm" not in page.lower(), path
            assert SECRET not in page
        answer = await browser.get("/record/fhir/Consent", params={"patient": person})
        assert answer.json()["total"] == 0
        everything = await browser.get(f"/record/fhir/Patient/{person}/$everything")
        assert SECRET not in everything.text


async def test_it_ends_by_itself_on_the_day_of_its_review():
    way, person, _ = await world()
    doctor = way.door(actor(Role.DOCTOR))
    await doctor.shield(person, ABOUT, until=soon(), why=HARM)
    [kept] = await way.store.preferences_of(person)
    assert not kept.holds(soon() + timedelta(days=1))
    for until in (datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + 2 * LONGEST):
        with pytest.raises(Incorrect):
            await doctor.shield(person, ABOUT, until=until, why=HARM)


async def test_only_who_may_rule_on_the_record_shields_and_only_what_they_see():
    way, person, me = await world()
    for role in (Role.NURSE, Role.GOVERNANCE, Role.CARER):
        door = way.door(actor(role))
        assert isinstance(await door.shield(person, ABOUT, until=soon(), why=HARM), Refused)
    stranger = way.door(actor(Role.DOCTOR, "RZZ"))
    assert isinstance(await stranger.shield(person, ABOUT, until=soon(), why=HARM), Refused)
    await me.prefer(person, hide(What.ITEM, f"{ABOUT[0].patient}/Condition/s1"))
    doctor = way.door(actor(Role.DOCTOR))
    assert isinstance(await doctor.shield(person, ABOUT, until=soon(), why=HARM), Refused)
    assert isinstance(await doctor.shield(person, (), until=soon(), why=HARM), Refused)
    with pytest.raises(NotFound):
        await doctor.unshield(person, 1)  # what the person decided is theirs to end


async def test_the_page_of_an_entry_shields_it_and_says_until_when():
    way, person, _ = await world()
    whole = await way.folds.whole(await way.store.members(person))
    key = next(entry.key for entry in whole.entries if SECRET in entry.title)
    async with client(application_of(way, person), "DOCTOR") as browser:
        about = f"{ABOUT[0].patient}/Condition/s1"
        fields = {"about": about, "until": f"{soon():%Y-%m-%d}", "why": HARM}
        done = await post(browser, f"/people/{person}/shield", **fields)
        assert done.status_code == 303
        page = (await browser.get(f"/people/{person}/entries/{key}")).text
        assert "Hidden from the person" in page
        assert HARM in page
        bad = await post(browser, f"/people/{person}/shield", **(fields | {"until": "soon"}))
        assert bad.status_code == 400


async def test_decisions_are_consents_for_the_person_and_for_nobody_else():
    way, person, me = await world()
    await me.prefer(person, hide(What.LABEL, "mental-health", organisation="RXA"))
    await me.prefer(person, Wish(act=Act.CARER, proxy="CARER", which=("allergy",), until=soon()))
    await me.prefer(person, Wish(act=Act.OPT_OUT))
    await me.end_preference(person, 3)
    app = application_of(way, person)
    async with client(app, "PATIENT") as browser:
        found = (await browser.get("/record/fhir/Consent", params={"patient": person})).json()
        assert found["total"] == 3
        opted, carer, hidden = (one["resource"] for one in found["entry"])
        assert opted["status"] == "inactive"
        assert opted["policyRule"]["coding"][0]["code"] == "OPTOUT"
        [deny] = hidden["provision"]["provision"]
        assert deny["type"] == "deny"
        assert deny["securityLabel"][0]["code"] == "PSY"
        assert deny["actor"][0]["reference"]["identifier"]["value"] == "RXA"
        assert carer["provision"]["provision"][0]["period"]["end"]
        [let_in] = carer["provision"]["provision"]  # one for all that a carer may look at
        assert [each["text"] for each in let_in["code"]] == ["allergy"]
        asked = {"patient": person, "status": "active"}
        assert (await browser.get("/record/fhir/Consent", params=asked)).json()["total"] == 2
    for who in ("CARER", "DOCTOR", "GOVERNANCE"):
        async with client(app, who) as browser:
            answer = await browser.get("/record/fhir/Consent", params={"patient": person})
            assert answer.status_code == 403
