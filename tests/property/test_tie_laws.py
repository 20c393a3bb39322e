"""Laws of legitimate relationships: they open what the rules open to the related, and then end."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.test_access import NOW, OTHER, PERSON, STANDING, ask, member
from wholerecord.access import Actor, Facts
from wholerecord.access.decide import decide
from wholerecord.access.tie import Ground, Tie
from wholerecord.consent import Purpose, Role, Rule, View

PLACES = ("RXX", "RYY", "RZZ")
MOMENTS = st.integers(-3, 3).map(lambda days: NOW + timedelta(days=days))


def ties(places=PLACES, actors=("", "someone", "else")):
    return st.builds(
        Tie,
        organisation=st.sampled_from(places),
        ground=st.sampled_from(Ground),
        since=MOMENTS,
        until=st.none() | MOMENTS,
        actor=st.sampled_from(actors),
    )


@st.composite
def denies(draw):
    """What the person decided: never an allow."""
    return Rule(
        n=1000 + draw(st.integers(0, 99)),
        allow=False,
        purpose=Purpose.DIRECT_CARE,
        person=draw(st.sampled_from((PERSON, OTHER))),
        role=draw(st.none() | st.just(Role.DOCTOR)),
        organisation=draw(st.none() | st.sampled_from(PLACES)),
        actor=draw(st.none() | st.just("someone")),
        view=draw(st.none() | st.sampled_from((View.RECORD, View.CLAIM))),
        reason="they said no",
    )


ASKS = st.builds(
    ask,
    st.sampled_from(Role),
    st.sampled_from(Purpose),
    st.sampled_from(View),
    st.sampled_from(PLACES),
    given=st.sampled_from(("", "why")),
)


def facts(rules, *made):
    every = (*STANDING, *rules)
    return Facts(members=(member(),), rules=every, rulings=0, now=NOW, ties=tuple(made))


@given(ASKS, st.lists(denies(), max_size=3), st.lists(ties(), max_size=4))
def test_where_none_holds_nobody_sees_more_than_without(asked, rules, made):
    actor = asked.actor
    others = [
        one for one in made if not (one.is_of(actor.organisation, actor.id) and one.holds(NOW))
    ]
    assert decide(asked, facts(rules, *others)) == decide(asked, facts(rules))


@given(ASKS, st.lists(denies(), max_size=3), ties(actors=("",)))
def test_it_opens_what_a_source_of_theirs_would_open_and_ends_when_it_ends(asked, rules, tie):
    known = Facts(
        members=(member(), replace(member(tie.organisation), patient=member().patient + 1)),
        rules=(*STANDING, *rules),
        rulings=0,
        now=NOW,
    )
    by_tie, by_source = decide(asked, facts(rules, tie)), decide(asked, known)
    without = decide(asked, facts(rules))
    if tie.holds(NOW) and asked.actor.organisation == tie.organisation:
        assert by_tie.allowed is by_source.allowed
        assert (by_tie.withheld, by_tie.kinds) == (by_source.withheld, by_source.kinds)
    else:
        assert by_tie == without
    if tie.until is not None:
        later = replace(facts(rules, tie), now=tie.until)
        assert decide(asked, later) == decide(asked, replace(facts(rules), now=tie.until))


@given(st.lists(denies(), max_size=3), ties(places=("RYY",), actors=("someone",)))
def test_a_claim_is_of_one_member_of_staff_alone(rules, tie):
    theirs = ask(Role.DOCTOR, organisation="RYY")
    colleague = replace(theirs, actor=replace(theirs.actor, id="a colleague"))
    assert isinstance(colleague.actor, Actor)
    assert decide(colleague, facts(rules, tie)) == decide(colleague, facts(rules))


@given(ASKS, st.lists(ties(), max_size=3), denies())
def test_what_a_person_denies_no_relationship_opens(asked, made, rule):
    asked = replace(asked, purpose=Purpose.DIRECT_CARE)
    rule = replace(rule, person=PERSON, role=None, organisation=None, actor=None, view=None)
    assert not decide(asked, facts([rule], *made)).allowed
