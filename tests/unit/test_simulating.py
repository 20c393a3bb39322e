"""A change of the rules is tried before it is made: who would gain, who would lose, of how many."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.e2e.deliveries import bundle, condition, patient
from tests.property.test_deciding_laws import NOW, member, rules
from tests.unit.door_site import NUMBER, actor, secret, site
from tests.unit.door_web import application_of, client
from wholerecord.access import Facts, Refused
from wholerecord.access.simulate import simulate
from wholerecord.access.tried import differs_in_words
from wholerecord.consent import Purpose, Role, Rule, View, standing_rules
from wholerecord.consent.period import Period
from wholerecord.consent.plain import KINDS
from wholerecord.consent.proposal import BadProposal, Proposal, proposal
from wholerecord.errors import NotFound

CARE = Purpose.DIRECT_CARE
STANDING = tuple(replace(rule, n=n) for n, rule in enumerate(standing_rules(), 1))
FACTS = Facts(members=(member("RXX"),), rules=STANDING, rulings=0, now=NOW)


SPRING_IN_JSON = b'{"first": "2025-03-01", "last": "2025-05-31"}'


def nurses(*, allow=False, **more):
    return Rule(allow=allow, purpose=CARE, role=Role.NURSE, reason="agreed by the board", **more)


def test_what_is_hidden_by_a_label_is_lost_by_that_role_alone():
    found = simulate(FACTS, Proposal(add=(nurses(label="mental-health"),)))
    [one] = found
    assert (one.who, one.gains) == ("Nurses at an organisation that cares for the person", False)
    assert (one.label, set(one.what)) == ("mental-health", set(KINDS))
    assert differs_in_words(one) == (
        "Nurses at an organisation that cares for the person would no longer see entries of every "
        "kind about mental health to care for the person."
    )


def test_who_needed_no_relationship_any_more_would_gain():
    [mine] = [rule for rule in STANDING if rule.related and rule.role is Role.NURSE
              and rule.view is View.RECORD]  # fmt: skip
    wide = replace(mine, related=False)
    found = simulate(FACTS, Proposal(add=(wide,), end=frozenset({mine.n})))
    assert {(one.who, one.gains) for one in found} == {("Nurses at any other", True)}


def test_what_is_hidden_by_its_author_or_its_time_is_told_in_words():
    spring = Period(first=date(2025, 3, 1), last=date(2025, 5, 31))
    rules = (nurses(author="Dr Ada"), nurses(period=spring), nurses(kind="result", period=spring))
    [one] = simulate(FACTS, Proposal(add=rules))
    assert not one.gains
    assert differs_in_words(one) == (
        "Nurses at an organisation that cares for the person would no longer see "
        "everything from 1 Mar 2025 to 31 May 2025; test results from 1 Mar 2025 to 31 May 2025; "
        "what Dr Ada wrote to care for the person."
    )


def test_a_proposal_names_an_author_and_a_time():
    body = b'{"add": [{"allow": false, "purpose": "direct care", "reason": "agreed", '
    body += b'"author": "Dr Ada", "period": {"first": "2025-03-01"}}]}'
    [one] = proposal(body).add
    assert (one.author, one.period) == ("Dr Ada", Period(first=date(2025, 3, 1)))
    assert one.withholds == "period:2025-03-01/ author:dr ada"


@settings(deadline=None, max_examples=25)
@given(st.lists(rules(), max_size=4))
def test_a_deny_is_never_a_gain_and_what_changes_nothing_says_nothing(drawn):
    denies = tuple(replace(rule, allow=False, person=None) for rule in drawn)
    assert not any(one.gains for one in simulate(FACTS, Proposal(add=denies)))
    assert simulate(FACTS, Proposal()) == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"add": [{"allow": true}]}',
        b'{"add": [{"allow": true, "purpose": "profit", "reason": ""}]}',
        b'{"add": [{"allow": true, "purpose": "research", "reason": "", "person": "x"}]}',
        b'{"add": [{"allow": true, "purpose": "research", "reason": "", "kinds": ["all"]}]}',
        b'{"add": [{"allow": false, "purpose": "research", "reason": "", "kind": "x"}]}',
        b'{"add": [{"allow": false, "purpose": "research", "reason":"", "item": "b"}]}',
        b'{"add": [{"allow": false, "purpose": "research", "reason":"", "label":"a", "kind":"x"}]}',
        b'{"add": [{"allow": false, "purpose": "research", "reason":"", "period": {}}]}',
        b'{"add": [{"allow":true,"purpose":"research","reason":"","period":{"last":"2025-03"}}]}',
        b'{"add": [{"allow":true,"purpose":"planning","reason":"","period":%b}]}' % SPRING_IN_JSON,
        b'{"add": [{"allow":false,"purpose":"research","reason":"","author":"a","kind":"result"}]}',
        b'{"end": ["first"]}',
        b'{"end": [1], "adopt": true}',
    ],
)
def test_what_is_no_proposal_is_refused(body):
    with pytest.raises(BadProposal):
        proposal(body)


async def world():
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1"), secret("PSY")))
    return way, person


async def test_it_says_of_how_many_people_and_changes_nothing():
    way, person = await world()
    before = list(await way.store.rules(person=person))
    governance = way.door(actor(Role.GOVERNANCE))
    tried = await governance.try_rules(Proposal(add=(nurses(label="mental-health"),)))
    assert not isinstance(tried, Refused)
    assert (tried.people, tried.looked_at, tried.gaining, tried.losing) == (1, 1, 0, 1)
    assert list(await way.store.rules(person=person)) == before
    [look] = [
        one for one in await way.store.openings() if one.part.partition(":")[0] == "rules tried"
    ]
    assert (look.view, look.person, look.allowed) == ("rules", None, True)
    with pytest.raises(NotFound):
        await governance.try_rules(Proposal(end=frozenset({99_999})))
    assert isinstance(await way.door(actor(Role.NURSE)).try_rules(Proposal()), Refused)


async def test_governance_tries_a_change_on_a_page():
    way, person = await world()
    async with client(application_of(way, person), "GOVERNANCE") as browser:
        page = (await browser.get("/desk/rules")).text
        assert "Try a change of the rules" in page
        token = page.partition('name="form" value="')[2].partition('"')[0]
        said = '{"add": [{"allow": false, "purpose": "direct care", "role": "nurse",'
        said += ' "label": "mental-health", "reason": "<b>agreed</b>"}]}'
        tried = await browser.post("/desk/rules", data={"form": token, "rules": said})
        assert tried.status_code == 200
        assert "would no longer see entries of every kind about mental health" in tried.text
        assert "less of 1." in tried.text
        assert "<b>agreed" not in tried.text
        bad = await browser.post("/desk/rules", data={"form": token, "rules": "rules"})
        assert bad.status_code == 400
