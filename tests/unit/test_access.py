"""Who may open what: the standing rules, as a table people can read."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholerecord.access import Actor, Ask, Facts
from wholerecord.access.decide import NO_RULE, NOT_RELATED, decide
from wholerecord.consent import Purpose, Role, Rule, View, standing_rules
from wholerecord.people import Demographics, Member
from wholerecord.record import PatientKey, PersonId

PERSON = PersonId("a" * 32)
OTHER = PersonId("b" * 32)
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
STANDING = tuple(replace(rule, n=n) for n, rule in enumerate(standing_rules(), 1))


def member(controller="RXX"):
    key = PatientKey("acute", "H1")
    return Member(
        patient=key.id,
        source=key.source,
        number=key.number,
        controller=controller,
        t=1,
        demographics=Demographics(),
    )


def facts(*extra):
    return Facts(members=(member(),), rules=(*STANDING, *extra), rulings=0, now=NOW)


def ask(role, purpose=Purpose.DIRECT_CARE, view=View.RECORD, organisation="RXX", **more):
    own = more.pop("own", None)
    actor = Actor(id="someone", name="Some One", role=role, organisation=organisation, person=own)
    return Ask(actor=actor, purpose=purpose, view=view, person=PERSON, **more)


CARE, OWN, ADMIN = Purpose.DIRECT_CARE, Purpose.OWN_RECORD, Purpose.ADMINISTRATION


@pytest.mark.parametrize(
    ("role", "purpose", "view", "organisation", "allowed"),
    [
        (Role.DOCTOR, CARE, View.RECORD, "RXX", True),
        (Role.DOCTOR, CARE, View.RECORD, "RYY", False),
        (Role.DOCTOR, CARE, View.FIND, "RYY", True),
        (Role.NURSE, CARE, View.RULING, "RXX", False),
        (Role.GP, CARE, View.RULING, "RXX", True),
        (Role.SOCIAL_WORKER, CARE, View.RECORD, "RXX", True),
        (Role.RECEPTIONIST, CARE, View.RECORD, "RXX", False),
        (Role.RECEPTIONIST, ADMIN, View.RECORD, "RXX", False),
        (Role.RECEPTIONIST, ADMIN, View.DEMOGRAPHICS, "RXX", True),
        (Role.GOVERNANCE, Purpose.SAFETY_REVIEW, View.DESK, "RXX", True),
        (Role.GOVERNANCE, Purpose.SAFETY_REVIEW, View.RECORD, "RXX", False),
        (Role.DOCTOR, Purpose.SAFETY_REVIEW, View.DESK, "RXX", False),
        (Role.PLANNER, Purpose.PLANNING, View.COUNT, "RXX", True),
        (Role.PLANNER, CARE, View.RECORD, "RXX", False),
        (Role.RESEARCHER, Purpose.RESEARCH, View.RECORD, "RXX", False),
        (Role.PATIENT, CARE, View.RECORD, "RXX", False),
        (Role.DOCTOR, OWN, View.RECORD, "RXX", False),
    ],
)
def test_the_standing_rules(role, purpose, view, organisation, allowed):
    assert decide(ask(role, purpose, view, organisation), facts()).allowed is allowed


def test_a_person_sees_their_own_record_and_nobody_elses():
    assert decide(ask(Role.PATIENT, OWN, own=PERSON), facts()).allowed
    assert not decide(ask(Role.PATIENT, OWN, own=OTHER), facts()).allowed
    assert not decide(ask(Role.PATIENT, OWN, own=None), facts()).allowed


def test_a_carer_sees_only_whom_a_rule_names():
    rule = Rule(
        n=900,
        allow=True,
        purpose=OWN,
        actor="someone",
        person=PERSON,
        reason="asked to by the person",
    )
    assert not decide(ask(Role.CARER, OWN), facts()).allowed
    assert decide(ask(Role.CARER, OWN), facts(rule)).allowed
    assert not decide(ask(Role.CARER, OWN), facts(replace(rule, person=OTHER))).allowed


def test_no_rule_means_no_and_says_so():
    verdict = decide(ask(Role.DOCTOR), Facts(members=(member(),), rules=(), rulings=0, now=NOW))
    assert (verdict.allowed, verdict.reason) == (False, NO_RULE)


def test_a_missing_relationship_is_named_and_the_glass_may_be_broken():
    verdict = decide(ask(Role.DOCTOR, organisation="RYY"), facts())
    assert (verdict.reason, verdict.may_break_glass) == (NOT_RELATED, True)
    assert not decide(ask(Role.RECEPTIONIST, organisation="RYY"), facts()).may_break_glass


def test_nobody_is_refused_in_the_same_words_as_somebody_not_related():
    asked = ask(Role.DOCTOR, organisation="RYY")
    nobody = replace(facts(), members=())
    assert decide(asked, nobody) == decide(asked, facts())
    assert decide(asked, nobody).may_break_glass


@pytest.mark.parametrize(("given_", "allowed"), [("", False), ("  ", False), ("collapsed", True)])
def test_breaking_the_glass_needs_a_reason(given_, allowed):
    asked = ask(Role.DOCTOR, Purpose.EMERGENCY, organisation="RYY", given=given_)
    assert decide(asked, facts()).allowed is allowed


def test_a_persons_own_refusal_beats_the_standing_rules():
    refusal = Rule(n=900, allow=False, purpose=CARE, person=PERSON, reason="dissent to share")
    verdict = decide(ask(Role.DOCTOR), facts(refusal))
    assert (verdict.allowed, verdict.rule, verdict.may_break_glass) == (False, 900, False)


def test_an_ended_rule_says_nothing():
    refusal = Rule(
        n=900, allow=False, purpose=CARE, person=PERSON, reason="dissent to share", until=NOW
    )
    assert decide(ask(Role.DOCTOR), facts(refusal)).allowed


def test_sealed_items_are_withheld_from_staff_and_not_from_the_person():
    assert "sealed" in decide(ask(Role.DOCTOR), facts()).withheld
    assert "sealed" in decide(ask(Role.GP), facts()).withheld
    own = decide(ask(Role.PATIENT, OWN, own=PERSON), facts())
    assert own.withheld == {"kept-from-person"}


def test_sexual_health_is_shown_to_the_general_practice_only():
    assert "sexual-health" in decide(ask(Role.NURSE), facts()).withheld
    assert "sexual-health" not in decide(ask(Role.GP), facts()).withheld


_RULES = st.builds(
    Rule,
    n=st.integers(1000, 9999),
    allow=st.booleans(),
    purpose=st.sampled_from(Purpose),
    reason=st.just("drawn"),
    view=st.none() | st.sampled_from(View),
    role=st.none() | st.sampled_from(Role),
    organisation=st.none() | st.sampled_from(["RXX", "RYY"]),
    actor=st.none() | st.sampled_from(["someone", "another"]),
    person=st.none() | st.sampled_from([PERSON, OTHER]),
    related=st.booleans(),
)
_ASKS = st.builds(
    ask,
    st.sampled_from(Role),
    st.sampled_from(Purpose),
    st.sampled_from(View),
    st.sampled_from(["RXX", "RYY"]),
)


def _decided(asked, rules):
    return decide(asked, Facts(members=(member(),), rules=tuple(rules), rulings=0, now=NOW))


@given(_ASKS, st.lists(_RULES, max_size=6), st.randoms())
def test_the_order_of_rules_does_not_matter(asked, rules, random):
    shuffled = list(rules)
    random.shuffle(shuffled)
    assert _decided(asked, rules).allowed == _decided(asked, shuffled).allowed


@given(_ASKS, st.lists(_RULES, max_size=6), _RULES)
def test_one_more_deny_never_opens_a_door(asked, rules, more):
    if not _decided(asked, rules).allowed:
        assert not _decided(asked, [*rules, replace(more, allow=False)]).allowed


@given(_ASKS, st.lists(_RULES, max_size=6))
def test_without_an_allow_the_answer_is_no(asked, rules):
    assert not _decided(asked, [replace(rule, allow=False) for rule in rules]).allowed
