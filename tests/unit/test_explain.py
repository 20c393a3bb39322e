"""Any decision explained: what each line says is what the door does."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, SECRET, actor, secret, send, site
from tests.unit.door_web import application_of, carer_allowed, client
from wholerecord.access import Explained, Opened, Refused
from wholerecord.access.explain import Audience, Sees
from wholerecord.access.explaining import NOT_YOURS
from wholerecord.consent import Purpose, Role, Rule, standing_rules
from wholerecord.consent.table import who_can_see
from wholerecord.errors import NotFound

ROOT = Path(__file__).parents[2]
OWN = Purpose.OWN_RECORD


async def world():
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1"), secret("STD")))
    me = way.door(actor(Role.PATIENT, person=person))
    opened = await me.open(person, purpose=OWN)
    assert isinstance(opened, Opened)
    keys = {
        SECRET if any(said.id == "s1" for said in entry.said_by) else "c1": entry.key
        for entry in opened.record.entries
    }
    return way, person, me, keys


def by_who(explained):
    assert isinstance(explained, Explained)
    return {line.who: line.sees for line in explained.lines}


async def test_a_person_is_told_who_can_see_their_record_and_why():
    _, person, me, _ = await world()
    lines = by_who(await me.explain(person, purpose=OWN))
    assert lines["The person themselves"] is Sees.YES
    assert lines["Hospital doctors at an organisation that cares for the person"] is Sees.YES
    assert lines["Hospital doctors at any other"] is Sees.EMERGENCY
    assert lines["Receptionists at an organisation that cares for the person"] is Sees.PART
    assert lines["Researchers"] is Sees.COUNTED
    assert lines["Carers (nobody chose them)"] is Sees.NO


async def test_of_one_entry_the_rule_that_withholds_it_is_named():
    _, person, me, keys = await world()
    explained = await me.explain(person, purpose=OWN, key=keys[SECRET])
    nurses = "Nurses at an organisation that cares for the person"
    assert by_who(explained)[nurses] is Sees.NO
    assert by_who(explained)["General practitioners at any other"] is Sees.EMERGENCY
    [line] = [line for line in explained.lines if line.who == nurses]
    assert line.why == "sexual health is shown to those who need it (sexual health)"
    assert line.rule


@pytest.mark.parametrize("role", [*Role])
@pytest.mark.parametrize("cares", [True, False])
async def test_what_is_explained_is_what_the_door_does(role, cares):
    way, person, me, keys = await world()
    for key in keys.values():
        explained = await me.explain(
            person, purpose=OWN, key=key, audience=Audience(role=role, cares=cares)
        )
        [line] = explained.lines
        who = actor(role, "RXA" if cares else "RZZ", person=person)
        who = who if role is Role.PATIENT else replace(who, person=None)
        purpose = OWN if role in {Role.PATIENT, Role.CARER} else Purpose.DIRECT_CARE
        seen = [False, False]
        for n, why in enumerate((purpose, Purpose.EMERGENCY)):
            opened = await way.door(who).open(person, purpose=why, given="collapsed")
            if isinstance(opened, Opened):
                seen[n] = any(entry.key == key for entry in opened.record.entries)
        expected = {(True, True): Sees.YES, (True, False): Sees.YES, (False, True): Sees.EMERGENCY}
        assert expected.get((*seen,), line.sees) is line.sees
        assert any(seen) is (line.sees in {Sees.YES, Sees.EMERGENCY})


async def test_a_carer_is_not_told_for_it_would_say_what_is_hidden_from_them():
    way, person, _, _ = await world()
    await carer_allowed(way, person)
    refused = await way.door(actor(Role.CARER)).explain(person, purpose=OWN)
    assert isinstance(refused, Refused)
    assert refused.reason == NOT_YOURS
    assert not (await way.store.openings_of(person))[0].allowed


async def test_governance_is_told_of_the_record_and_the_operator_of_what_they_see():
    way, person, _, keys = await world()
    governed = await way.door(actor(Role.GOVERNANCE)).explain(person, purpose=Purpose.SAFETY_REVIEW)
    assert isinstance(governed, Explained)
    operator = way.door(actor(Role.SYSTEM, ""))
    with pytest.raises(NotFound):
        await operator.explain(
            person, purpose=Purpose.EMERGENCY, key=keys[SECRET], given="asked to"
        )


async def test_a_persons_own_rules_and_those_they_name_are_explained():
    way, person, me, _ = await world()
    await carer_allowed(way, person)
    await way.store.add_rule(
        Rule(
            allow=False,
            purpose=Purpose.DIRECT_CARE,
            person=person,
            organisation="RXA",
            reason="the person said no",
        )
    )
    lines = by_who(await me.explain(person, purpose=OWN))
    assert lines["Carers (CARER)"] is Sees.YES
    assert lines["Nurses at RXA"] is Sees.EMERGENCY


async def test_the_page_says_who_can_see_in_words():
    way, person, _, keys = await world()
    app = application_of(way, person)
    async with client(app, "PATIENT") as browser:
        page = await browser.get("/me/who-can-see", params={"entry": keys[SECRET]})
        assert "Hospital doctors" in page.text
        assert "Sexual health is shown to those" in page.text
        missing = await browser.get("/me/who-can-see", params={"entry": "none"})
        assert missing.status_code == 404


async def test_nobody_who_is_nobody_is_explained():
    way, _, _, _ = await world()
    await send(way, bundle(patient("p9", "")))
    governed = await way.door(actor(Role.GOVERNANCE)).explain(
        "f" * 32, purpose=Purpose.SAFETY_REVIEW
    )
    assert isinstance(governed, Refused)


def test_the_document_of_who_can_see_is_what_the_rules_say():
    page = (ROOT / "docs/reference/who-can-see.md").read_text()
    assert page == who_can_see(standing_rules()), "run `wholerecord explain --table`"
