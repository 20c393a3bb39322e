"""Scopes: how they are spelt, and what they never become."""

import pytest

from wholerecord.smart import Scopes, granted, shows

SPELT = {
    "patient/Observation.rs": "patient/Observation.rs",
    "patient/Observation.read": "patient/Observation.rs",
    "patient/Observation.write": "patient/Observation.cud",
    "patient/Observation.*": "patient/Observation.cruds",
    "user/*.cruds": "user/*.cruds",
    "system/*.s": "system/*.s",
    "patient/Observation.rs?category=laboratory": "patient/Observation.rs?category=laboratory",
    "patient/Observation.rs?category=http://x|a,b": "patient/Observation.rs?category=b,http://x|a",
    "launch/patient offline_access": "launch/patient offline_access",
}
NOTHING = (
    "",
    "patient/Observation",
    "patient/Observation.",
    "patient/Observation.sr",
    "patient/Observation.rr",
    "patient/Observation.rsx",
    "patient/Observation.Read",
    "patient/observation.read",
    "patient/Observation.read?category=laboratory",
    "patient/Observation.rs?",
    "patient/Observation.rs?category",
    "patient/Observation.rs?category=",
    "patient/Observation.rs?category=|",
    "patient/Observation.rs?category=a,",
    "patient/Observation.rs?code=1",
    "patient/Observation.rs?category=a&code=1",
    "patient/Observation.rs?category:not=a",
    "patient/Observation.rs?category=a|b|c",
    "patient/*.rs?category=laboratory",
    "Patient/Observation.rs",
    "patient/Observation.rs\tuser/*.rs",
    "patient/Observation.rs\u00a0user/*.rs",
    "patients/*.rs",
    "patient/**.rs",
    "patient/../*.rs",
    "*/*.rs",
    "user/*",
    "openid",
    "LAUNCH",
    "launch/",
    "launch/encounter",
    "x" * 5000 + " user/*.rs",
)


@pytest.mark.parametrize("said", SPELT)
def test_a_scope_is_understood_in_both_spellings(said):
    assert str(Scopes.parse(said)) == SPELT[said]


@pytest.mark.parametrize("said", NOTHING)
def test_a_scope_that_is_spelt_wrongly_is_nothing_and_never_something_wider(said):
    assert Scopes.parse(said) == Scopes()


def test_a_wrong_word_takes_nothing_from_the_right_ones():
    assert (
        str(Scopes.parse("patient/Xy.rs  patient/Yz.sr user/Za.read")) == "patient/Xy.rs user/Za.rs"
    )


def test_no_scope_lets_nobody_do_anything_and_no_app_is_no_scope():
    assert not granted(Scopes(), "Patient", "r")
    assert not shows(Scopes(), {"resourceType": "Patient"}, "r")
    assert granted(None, "Patient", "r")


def test_reading_is_not_searching_and_neither_is_writing():
    scopes = Scopes.parse("patient/Observation.r user/Condition.s")
    assert [granted(scopes, "Observation", one) for one in "cruds"] == [0, 1, 0, 0, 0]
    assert [granted(scopes, "Condition", one) for one in "cruds"] == [0, 0, 0, 0, 1]
    assert not granted(scopes, "Patient", "r")
    assert not granted(scopes, "*", "r")


CATEGORY = {"coding": [{"system": "http://x", "code": "laboratory"}]}


@pytest.mark.parametrize(
    ("wanted", "category", "shown"),
    [
        ("laboratory", [CATEGORY], True),
        ("http://x|laboratory", [CATEGORY], True),
        ("http://x|", [CATEGORY], True),
        ("http://y|laboratory", [CATEGORY], False),
        ("|laboratory", [CATEGORY], False),
        ("vital-signs,laboratory", [CATEGORY], True),
        ("vital-signs", [CATEGORY], False),
        ("Laboratory", [CATEGORY], False),
        ("laboratory", None, False),
        ("laboratory", [], False),
        ("laboratory", "laboratory", True),
        ("food", ["food"], True),
        ("laboratory", [{"text": "laboratory"}], False),
        ("laboratory", [{"coding": "laboratory"}], False),
        ("laboratory", 7, False),
    ],
)
def test_a_category_is_matched_as_a_token_and_a_missing_one_by_nothing(wanted, category, shown):
    scopes = Scopes.parse(f"patient/Observation.rs?category={wanted}")
    resource = {"resourceType": "Observation", "category": category}
    assert shows(scopes, resource, "r") is shown


def test_two_categories_must_both_hold():
    scopes = Scopes.parse("patient/Observation.rs?category=a&category=b")
    one, both = {"coding": [{"code": "a"}]}, {"coding": [{"code": "a"}, {"code": "b"}]}
    assert not shows(scopes, {"resourceType": "Observation", "category": [one]}, "r")
    assert shows(scopes, {"resourceType": "Observation", "category": [both]}, "r")
