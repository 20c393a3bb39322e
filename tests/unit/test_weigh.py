"""Weights: every level has one, and what is not said weighs nothing."""

from itertools import pairwise
from pathlib import Path

import pytest

import wholerecord.people.compare as comparing
import wholerecord.people.compare_names as comparing_names
from wholerecord.nhs import PartialDate, postcode
from wholerecord.people import Address, Demographics, Name
from wholerecord.people.compare import Likeness, compare
from wholerecord.people.model import load
from wholerecord.people.traits import traits
from wholerecord.people.weigh import MODEL, weigh


def likeness(one: Demographics, other: Demographics) -> Likeness:
    return compare(traits(one), traits(other))


def named(given: str, family: str, sex: str = "") -> Demographics:
    return Demographics(names=(Name(family=family, given=tuple(given.split())),), sex=sex)


def living(*places: tuple[str, str]) -> Demographics:
    return Demographics(
        addresses=tuple(Address(lines=(), postcode=postcode(at), use=use) for at, use in places)
    )


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Smith", "SMITH", "exact"),
        ("O'Neill", "Oneill", "exact"),
        ("Müller", "Muller", "exact"),
        ("Smith-Jones", "Smith Jones", "exact"),
        ("Smith-Jones", "Jones", "part"),
        ("van der Berg", "Berg", "part"),
        ("van Dyk", "van Berg", "different"),
        ("Smith", "Smyth", "alike"),
        ("Phillips", "Philips", "alike"),
        ("Hayden", "Jayden", "different"),
        ("Smith", "Okafor", "different"),
        ("Smith", "Unknown", ""),
    ],
)
def test_family_names_compare(one: str, other: str, level: str):
    like = likeness(named("Tom", one, "male"), named("Tom", other, "male"))

    assert like.family == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Ann", "ANN", "exact"),
        ("Ann Bea", "Ann", "exact"),
        ("Anne Marie", "Annemarie", "exact"),
        ("Mohammed Ali", "Mohammed Omar", "next_differs"),
        ("Ann B", "Ann Bea", "exact"),
        ("William", "Bill", "nickname"),
        ("Ann Bea", "Bea", "middle"),
        ("A", "Ann", "initial"),
        ("Stephen", "Stephan", "nickname"),
        ("Jaydan", "Jayden", "alike"),
        ("Hayden", "Jayden", "different"),
        ("Ann", "Baby", ""),
        ("Ann", "Twin One", ""),
    ],
)
def test_given_names_compare(one: str, other: str, level: str):
    assert likeness(named(one, "Smith"), named(other, "Smith")).given == level


def test_a_surname_may_have_changed_unless_a_man_says_it():
    assert likeness(named("A", "Smith", "female"), named("A", "Khan", "female")).family == "changed"
    assert likeness(named("A", "Smith", "male"), named("A", "Khan", "male")).family == "different"


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1950-03-12", "1950-03-12", "exact"),
        ("1950-01-01", "1950-01-01", "exact_january"),
        ("1950-03-12", "1950-12-03", "turned"),
        ("1950-03-12", "1950-03-13", "slip"),
        ("1956-03-12", "1965-03-12", "slip"),
        ("1950", "1950-03-12", "same_year"),
        ("1950-03", "1950-03-12", "same_month"),
        ("1950-04", "1950-03-12", "different"),
        ("1950", "1950", "same_year"),
        ("1950-01-01", "1950-11-27", "same_year"),
        ("1951", "1950-03-12", "different"),
        ("1950-03-12", "1981-07-30", "different"),
        ("", "1950-03-12", ""),
    ],
)
def test_dates_of_birth_compare(one: str, other: str, level: str):
    a, b = (Demographics(born=PartialDate.parse(text)) for text in (one, other))

    assert likeness(a, b).born == level
    assert likeness(b, a).born == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ([("LS2 9JT", "home")], [("ls29jt", "")], "same"),
        ([("LS2 9JT", "old"), ("M1 1AE", "")], [("LS2 9JT", "")], "past"),
        ([("LS2 9JT", "")], [("LS2 9AB", "")], "near"),
        ([("LS2 9JT", "")], [("M1 1AE", "")], "different"),
        ([("ZZ99 3VZ", "")], [("ZZ99 3VZ", "")], ""),
    ],
)
def test_postcodes_compare(one: list[tuple[str, str]], other: list[tuple[str, str]], level: str):
    assert likeness(living(*one), living(*other)).postcode == level


def test_a_number_nobody_owns_is_no_shared_telephone():
    nobody = Demographics(phones=("00000000000", "0777 777 7777", "n/a", "999"), emails=("none",))

    assert weigh(nobody, nobody) == ()


def test_what_is_not_said_weighs_nothing():
    assert weigh(Demographics(), Demographics()) == ()
    assert weigh(named("Ann", "Smith"), Demographics(sex="female")) == ()


def test_every_level_the_comparisons_name_has_a_weight():
    """A level without a weight would raise when first met, which may be on a ward."""
    model = load()
    levels = {level for said in model.comparisons.values() for level in said.levels}
    source = "".join(
        Path(str(module.__file__)).read_text(encoding="utf-8")
        for module in (comparing, comparing_names)
    )
    named_in_code = {level for level in levels if f'"{level}"' in source}

    assert named_in_code == levels
    assert set(model.comparisons) <= set(Likeness.__struct_fields__)
    assert model.version == MODEL


def test_no_two_levels_of_a_comparison_weigh_the_same():
    """The bulk engine tells levels by their weights."""
    for said in load().comparisons.values():
        weights = sorted(level.weight for level in said.levels.values())
        assert all(b - a > 1e-6 for a, b in pairwise(weights))


def test_a_rare_name_weighs_more_than_a_common_one():
    common = weigh(named("Mary", "Smith"), named("Mary", "Smith"))
    rare = weigh(named("Mary", "Zzyzx"), named("Mary", "Zzyzx"))

    assert sum(part.weight for part in rare) > sum(part.weight for part in common) + 3


def test_an_alphabet_is_no_difference():
    assert likeness(named("Ivan", "Ivanov"), named("Иван", "Иванов")).family == "exact"
    assert likeness(named("Ivan", "Ivanov"), named("Иван", "Иванов")).given == "exact"
    assert likeness(named("A", "Kowalski"), named("A", "Kowalska")).family == "alike"


def test_joining_asks_for_more_than_keeping_and_research_for_more_than_the_bedside():
    thresholds = load().thresholds

    assert all(each.join > each.ask for each in thresholds.values())
    assert thresholds["research"].join > thresholds["bedside"].join
