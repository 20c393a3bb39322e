"""A decision by the book is the decision by the whole list, whatever the rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from wholerecord.access import Actor, Ask, Facts
from wholerecord.access.decide import decide, withholding
from wholerecord.access.explain import explain
from wholerecord.access.limits import Limits
from wholerecord.consent import Purpose, Role, Rule, View
from wholerecord.consent.book import Book, Shelf
from wholerecord.consent.period import Period
from wholerecord.people import Demographics, Member
from wholerecord.record import PatientKey, PersonId

PERSON = PersonId("a" * 32)
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
ROLES = (Role.DOCTOR, Role.GP, Role.CARER, Role.PATIENT)
PURPOSES = (Purpose.DIRECT_CARE, Purpose.EMERGENCY, Purpose.OWN_RECORD, Purpose.RESEARCH)
VIEWS = (View.RECORD, View.FIND, View.SAY)
PLACES = ("RXX", "RYY")
NAMES = ("ann", "ben")
SPRING = Period(first=date(2025, 3, 1), last=date(2025, 5, 31))


def some(*values):
    return st.none() | st.sampled_from(values)


times = some(NOW - timedelta(1), NOW, NOW + timedelta(1))
abouts = st.sampled_from(
    [
        *({}, {}, {}),
        {"label": "sealed"},
        {"kind": "medicine"},
        {"source": "gp"},
        {"item": "p/C/1"},
        {"author": "Dr Ada"},
        {"period": SPRING},
        {"kind": "medicine", "period": SPRING},
    ]
)


@st.composite
def rules(draw):
    return Rule(
        allow=draw(st.booleans()),
        purpose=draw(st.sampled_from(PURPOSES)),
        reason="because",
        view=draw(some(*VIEWS)),
        role=draw(some(*ROLES)),
        organisation=draw(some(*PLACES)),
        actor=draw(some(*NAMES)),
        person=draw(some(PERSON)),
        related=draw(st.booleans()),
        kinds=draw(st.sampled_from([(), (), ("medicine", "allergy")])),
        since=draw(times),
        until=draw(times),
        **draw(abouts),
    )


@st.composite
def asks(draw):
    limits = some(
        Limits(person=None, views=frozenset({View.RECORD}), kinds=frozenset({"medicine"}))
    )
    actor = Actor(
        id=draw(st.sampled_from((*NAMES, "carol"))),
        name="",
        role=draw(st.sampled_from((*ROLES, Role.NURSE))),
        organisation=draw(st.sampled_from((*PLACES, ""))),
        person=draw(some(PERSON)),
        limits=draw(limits),
    )
    return Ask(
        actor=actor,
        purpose=draw(st.sampled_from(PURPOSES)),
        view=draw(st.sampled_from(VIEWS)),
        person=draw(some(PERSON)),
        given=draw(st.sampled_from(("", "life"))),
    )


def member(controller):
    key = PatientKey("acute", "H1")
    return Member(
        patient=key.id,
        source=key.source,
        number=key.number,
        controller=controller,
        t=1,
        demographics=Demographics(),
    )


def both(drawn, controllers=("RXX",)):
    """The facts with a plain list of rules, and with a book of the same rules."""
    numbered = [replace(rule, n=n) for n, rule in enumerate(drawn, 1)]
    book = Book(
        Shelf(rule for rule in numbered if rule.person is None),
        tuple(rule for rule in numbered if rule.person is not None),
    )
    members = tuple(map(member, controllers))
    plain = Facts(members=members, rules=tuple(numbered), rulings=0, now=NOW)
    return plain, replace(plain, rules=book)


@settings(deadline=None)
@given(st.lists(rules(), max_size=25), asks(), st.sampled_from([(), ("RXX",)]))
def test_a_decision_by_the_book_is_the_decision_by_the_list(drawn, ask, controllers):
    plain, by_book = both(drawn, controllers)
    assert decide(ask, by_book) == decide(ask, plain)
    assert withholding(by_book.rules, ask, by_book) == withholding(plain.rules, ask, plain)


@settings(deadline=None, max_examples=30)
@given(st.lists(rules(), max_size=6))
def test_an_explanation_by_the_book_is_the_explanation_by_the_list(drawn):
    plain, by_book = both(drawn)
    assert explain(PERSON, by_book) == explain(PERSON, plain)


@settings(deadline=None)
@given(st.lists(rules(), max_size=25))
def test_a_book_is_read_as_the_list_it_was_made_of(drawn):
    plain, by_book = both(drawn)
    assert tuple(by_book.rules) == plain.rules
    assert len(by_book.rules) == len(plain.rules)
    assert list(by_book.rules[1:3]) == list(plain.rules[1:3])
