"""What a person decides about who sees their record: told beforehand, so at once, taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, actor, secret, send, site
from tests.unit.door_web import SECRET_OF_SESSIONS, application_of, carer_allowed, client
from wholerecord.access import Opened, Refused
from wholerecord.access.explaining import NOT_YOURS
from wholerecord.access.suppose import suppose
from wholerecord.consent import Purpose, Role, Rule
from wholerecord.consent.period import Period
from wholerecord.consent.wish import Act, What, Wish, in_words, rules_of
from wholerecord.errors import Incorrect, NotFound
from wholerecord.portal import Seal
from wholerecord.portal.shared.session import form_token

OWN, CARE, GLASS = Purpose.OWN_RECORD, Purpose.DIRECT_CARE, Purpose.EMERGENCY
ASTHMA = {"text": "Asthma"}


async def world():
    """Somebody with a condition from the hospital and one from the practice."""
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    await send(way, bundle(patient("p1", NUMBER), condition("c2", "p1", code=ASTHMA)), "gp")
    return way, person, way.door(actor(Role.PATIENT, person=person))


async def seen(way, person, role=Role.NURSE, purpose=CARE, organisation="RXA"):
    """How many entries somebody sees; None: they are refused."""
    door = way.door(actor(role, organisation))
    opened = await door.open(person, purpose=purpose, given="collapsed")
    return len(opened.record.entries) if isinstance(opened, Opened) else None


async def key_of(me, person):
    opened = await me.open(person, purpose=OWN)
    assert isinstance(opened, Opened)
    return next(e.key for e in opened.record.entries if e.title == "Asthma")


def hide(what, *which, **more):
    return Wish(act=Act.HIDE, what=what, which=which, **more)


async def test_a_hidden_line_is_hidden_at_once_and_shown_again_when_that_is_taken_back():
    way, person, me = await world()
    _, wish = await me.wish_of_entry(person, await key_of(me, person))
    assert await seen(way, person) == 2
    assert await me.prefer(person, wish) is None
    assert await seen(way, person) == 1
    assert await seen(way, person, organisation="RZZ", purpose=GLASS) == 2
    decided = await me.decided(person)
    [one] = decided.preferences
    assert (one.words, one.by) == ("Hide one line of my record from everybody", "PATIENT")
    assert await me.end_preference(person, one.n) is None
    assert await seen(way, person) == 2
    [over] = (await me.decided(person)).preferences
    assert over.ended
    with pytest.raises(NotFound):
        await me.end_preference(person, one.n)


@pytest.mark.parametrize(
    ("wish", "left"),
    [
        (hide(What.KIND, "condition"), 0),
        (hide(What.SOURCE, "gp"), 1),
        (hide(What.KIND, "condition", role=Role.NURSE), 0),
        (hide(What.KIND, "condition", role=Role.DOCTOR), 2),
        (hide(What.KIND, "condition", organisation="RXA"), 0),
        (hide(What.KIND, "condition", organisation="RZZ"), 2),
        (hide(What.EVERYTHING), None),
        (hide(What.EVERYTHING, role=Role.NURSE), None),
        (hide(What.EVERYTHING, role=Role.PHARMACIST), 2),
    ],
)
async def test_what_is_hidden_is_hidden_from_whom_it_says(wish, left):
    way, person, me = await world()
    assert await me.prefer(person, wish) is None
    assert await seen(way, person) == left
    assert await seen(way, person, purpose=GLASS) == 2
    opened = await me.open(person, purpose=OWN)
    assert isinstance(opened, Opened)
    assert len(opened.record.entries) == 2


async def test_even_in_an_emergency_is_what_it_says():
    way, person, me = await world()
    await me.prefer(person, hide(What.SOURCE, "gp", emergency=True))
    assert await seen(way, person, purpose=GLASS) == 1


async def test_hidden_from_everybody_is_hidden_from_carers_and_the_person_still_sees_it():
    way, person, me = await world()
    await carer_allowed(way, person)
    assert await seen(way, person, Role.CARER, OWN) == 2
    await me.prefer(person, hide(What.SOURCE, "gp"))
    assert await seen(way, person, Role.CARER, OWN) == 1


async def test_what_is_withheld_by_a_rule_is_shown_to_whom_the_person_says():
    way, person = await site(bundle(patient("p1", NUMBER), secret("STD")))
    me = way.door(actor(Role.PATIENT, person=person))
    assert await seen(way, person) == 0
    show = Wish(act=Act.SHOW, what=What.LABEL, which=("sexual-health",), role=Role.NURSE)
    await me.prefer(person, show)
    assert await seen(way, person) == 1
    assert await seen(way, person, Role.PHARMACIST) == 0


async def test_a_carer_sees_the_kinds_said_until_the_day_said():
    way, person, me = await world()
    soon = datetime.now(UTC) + timedelta(days=1)
    await me.prefer(person, Wish(act=Act.CARER, proxy="CARER", which=("allergy",), until=soon))
    assert await seen(way, person, Role.CARER, OWN) == 0
    await me.prefer(person, Wish(act=Act.CARER, proxy="CARER", until=soon - timedelta(days=2)))
    assert await seen(way, person, Role.CARER, OWN) == 0, "what is over lets nobody in"
    refused = await way.door(actor(Role.CARER)).who_looked(person, purpose=OWN)
    assert isinstance(refused, Refused)


async def test_opting_out_leaves_the_person_out_of_counts_and_changes_no_care():
    way, person, me = await world()
    await me.prefer(person, Wish(act=Act.OPT_OUT))
    assert {one.person for one in await way.store.refusals(Purpose.RESEARCH)} == {person}
    assert {one.person for one in await way.store.refusals(Purpose.PLANNING)} == {person}
    assert await seen(way, person) == 2
    [one] = (await me.decided(person)).preferences
    await me.end_preference(person, one.n)
    assert not await way.store.refusals(Purpose.RESEARCH)


async def test_an_invitation_opts_nobody_out_and_lets_no_researcher_find_them():
    way, person, me = await world()
    await me.prefer(person, Wish(act=Act.INVITE))
    assert not await way.store.refusals(Purpose.RESEARCH)
    researcher = way.door(actor(Role.RESEARCHER))
    assert isinstance(await researcher.open(person, purpose=Purpose.RESEARCH), Refused)


async def test_what_is_told_beforehand_is_what_comes_of_it():
    way, person, me = await world()
    wish = hide(What.SOURCE, "gp", role=Role.NURSE)
    found = await me.consider(person, wish)
    lines = {change.who: change for change in found.changes}
    assert [*lines] == ["Nurses at an organisation that cares for the person"]
    [change] = lines.values()
    assert (change.before.work, change.after.work) == (2, 1)
    assert change.loses
    assert not change.gains
    assert await seen(way, person) == 2, "considering changes nothing"
    await me.prefer(person, wish)
    assert await seen(way, person) == change.after.work


async def test_supposing_a_rule_added_and_then_ended_changes_nothing():
    way, person, me = await world()
    await carer_allowed(way, person)
    look = await me._own(person, "choices")
    rule = Rule(allow=False, purpose=CARE, person=person, role=Role.GP, reason="no", n=-1)
    assert suppose(person, look.facts, look.shown.entries, add=(rule,), end=()) != ()
    assert suppose(person, look.facts, look.shown.entries, add=()) == ()


async def test_nobody_decides_for_somebody_else():
    way, person, _ = await world()
    await carer_allowed(way, person)
    for role in (Role.CARER, Role.DOCTOR, Role.GOVERNANCE):
        door = way.door(actor(role))
        refused = await door.prefer(person, hide(What.EVERYTHING))
        assert isinstance(refused, Refused)
        assert isinstance(await door.decided(person), Refused)
        assert isinstance(await door.consider(person, hide(What.EVERYTHING)), Refused)
    assert (await way.door(actor(Role.CARER)).decided(person)).reason == NOT_YOURS
    assert await way.store.preferences_of(person) == []
    assert await seen(way, person) == 2


async def test_a_line_or_source_that_is_not_theirs_is_refused_and_written_down():
    way, person, me = await world()
    for wish in (hide(What.ITEM, "1/Condition/x"), hide(What.SOURCE, "other")):
        assert isinstance(await me.prefer(person, wish), Refused)
        assert not (await way.store.openings_of(person))[0].allowed


async def test_a_carer_is_not_shown_that_there_was_something_to_decide():
    way, person, me = await world()
    await carer_allowed(way, person)
    await me.prefer(person, hide(What.SOURCE, "gp"))
    looks = await way.door(actor(Role.CARER)).who_looked(person, purpose=OWN)
    assert all(look.view != "rules" and look.nth == 0 for look in looks)
    mine = await me.who_looked(person, purpose=OWN)
    assert any(look.view == "rules" for look in mine)


BAD = {
    "a kind nobody has": hide(What.KIND, "shoes"),
    "a label nobody has": hide(What.LABEL, "x"),
    "nothing named": hide(What.ITEM),
    "an empty name": hide(What.SOURCE, ""),
    "the whole record shown to all": Wish(act=Act.SHOW),
    "everything hidden from carers": hide(What.EVERYTHING, role=Role.CARER),
    "a time shown": Wish(
        act=Act.SHOW, what=What.KIND, which=("condition",), period=Period(last=date(2012, 1, 1))
    ),
    "an author without a name": hide(What.AUTHOR, ""),
    "hidden from governance": hide(What.KIND, "condition", role=Role.GOVERNANCE),
    "a carer without a name": Wish(act=Act.CARER),
    "a carer for no kind there is": Wish(act=Act.CARER, proxy="x", which=("shoes",)),
    "a parent without a review": Wish(act=Act.PARENT, proxy="x"),
    "an attorney without a document": Wish(act=Act.ATTORNEY, proxy="x"),
    "a name with a line break": Wish(act=Act.CARER, proxy="a\nb"),
    "a name without end": Wish(act=Act.CARER, proxy="a" * 201),
}


@pytest.mark.parametrize("wish", BAD.values(), ids=BAD)
async def test_what_cannot_be_wished_says_so_and_changes_nothing(wish):
    way, person, me = await world()
    with pytest.raises(Incorrect):
        await me.prefer(person, wish)
    assert await way.store.preferences_of(person) == []


def test_each_wish_says_in_words_what_its_rules_do():
    later = datetime(2030, 1, 1, tzinfo=UTC)
    parent = Wish(act=Act.PARENT, proxy="ann", until=later)
    attorney = Wish(act=Act.ATTORNEY, proxy="ann", document="LPA 700012345678")
    assert in_words(parent).startswith("ann may look for me, they have parental responsibility")
    assert all(rule.until == later for rule in rules_of(parent, "p" * 32))
    assert {rule.basis for rule in rules_of(attorney, "p" * 32)} == {
        "document seen: LPA 700012345678"
    }
    hidden = hide(What.LABEL, "mental-health", organisation="RXA", emergency=True)
    assert in_words(hidden) == "Hide mental health from everybody at RXA, even in an emergency"


async def post(browser, path, **fields):
    cookie = browser.cookies.get("wholerecord", "")
    session = Seal(SECRET_OF_SESSIONS).read(cookie, now=datetime.now(UTC))
    return await browser.post(path, data=fields | {"form": form_token(session)})


async def test_the_pages_say_what_changes_and_then_change_it():
    way, person, me = await world()
    key = await key_of(me, person)
    async with client(application_of(way, person), "PATIENT") as browser:
        page = await browser.get("/me/choices", params={"entry": key})
        assert "Hide this line" in page.text
        asked = {"act": "hide", "part": f"entry:{key}", "role": "nurse"}
        page = await post(browser, "/me/choices/consider", **asked)
        assert "sees 1 of your 2 lines, and now sees all 2 lines" in page.text
        assert "A court can order" in page.text
        assert await seen(way, person) == 2
        done = await post(browser, "/me/choices", **asked)
        assert done.status_code == 303
        assert await seen(way, person) == 1
        page = await browser.get("/me/choices")
        assert "Hide one line of my record from nurses" in page.text
        await post(browser, "/me/choices/end", n="1")
        assert await seen(way, person) == 2
        assert "What held before" in (await browser.get("/me/choices")).text


@pytest.mark.parametrize(
    "asked",
    [
        {"act": "parent", "proxy": "x", "until": "2027-01-01"},
        {"act": "dance"},
        {"act": "hide", "part": "shoes:x"},
        {"act": "hide", "part": "kind:condition", "role": "king"},
        {"act": "carer", "proxy": "x", "until": "soon"},
        {"act": "hide", "part": "everything:", "first": "2012"},
        {"act": "hide", "part": "everything:", "first": "2012-01-02", "last": "2012-01-01"},
        {"act": "show", "part": "kind:condition", "first": "2012-01-02"},
    ],
)
async def test_a_form_that_says_nothing_sensible_is_told_so(asked):
    way, person, _ = await world()
    async with client(application_of(way, person), "PATIENT") as browser:
        answer = await post(browser, "/me/choices", **asked)
        assert answer.status_code == 400
    assert await way.store.preferences_of(person) == []
