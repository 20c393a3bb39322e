"""What each word of a study gives, in a table people can read: by both engines."""

from datetime import date

import pytest

from tests.unit.study_data import hold
from wholerecord.research.study.engine import Engine
from wholerecord.research.study.meaning import cells
from wholerecord.research.study.source import read_study

PEOPLE = [
    {"person": 1, "sex": "female", "born": date(1980, 2, 29)},
    {"person": 2, "sex": "male", "born": date(2000, 3, 1), "died": date(2025, 1, 1)},
    {"person": 3, "sex": None, "born": None},
]
CONDITIONS = [
    {"person": 1, "code": "a", "at": date(2024, 1, 1)},
    {"person": 1, "code": "b", "at": date(2024, 1, 1)},
    {"person": 1, "code": "a", "at": date(2025, 1, 1)},
    {"person": 2, "code": "a", "at": None},
]
DATA = {"person": PEOPLE, "condition": CONDITIONS}


@pytest.mark.parametrize(
    ("said", "yes", "no"),
    [
        ("condition.exists()", {1, 2}, {3}),
        ("condition.count() == 2", {1}, {2, 3}),
        ("condition.first().code == 'a'", {1}, set()),
        ("condition.last().at == date(2025, 1, 1)", {1}, set()),
        ("condition.lowest('at') < condition.highest('at')", {1}, set()),
        ("condition.lowest('at') == date(2024, 1, 1)", {1}, set()),
        ("age_at(date(2021, 2, 28)) == 40", {1}, {2}),
        ("age_at(date(2021, 3, 1)) == 41", {1}, {2}),
        ("age_at(date(1999, 1, 1)) >= 0", {1}, set()),
        ("days_between(person.died, date(2025, 1, 3)) == 2", {2}, set()),
        ("person.died + days(2) == date(2025, 1, 3)", {2}, set()),
        ("person.sex in ['female']", {1}, {2}),
        ("not known(person.sex)", {3}, {1, 2}),
        ("person.sex == 'male' or person.born > date(1970, 1, 1)", {1, 2}, set()),
        ("person.sex == 'x' and person.born < date(1970, 1, 1)", set(), {1, 2}),
        ("condition.where(row.at >= person.born + days(16000)).exists()", {1}, {2, 3}),
    ],
)
def test_a_word_means_the_same_to_both_engines(said, yes, no):
    raw = f"study('t', people=known(True))\ntable('t', by=[{said}])".encode()
    study = read_study(raw, lambda _: b"")
    engine = Engine({})
    hold(engine, DATA)
    engine.allow([1, 2, 3])
    [exact] = engine.cells(study)
    engine.close()
    found = {key: set(cell.people.tolist()) for key, cell in exact.cells.items()}
    assert found == {key: set(who) for key, who in cells(study, DATA)["t"].items()}
    assert (found.get(("yes",), set()), found.get(("no",), set())) == (yes, no)


def test_nobody_is_in_a_study_who_is_not_on_the_allow_list():
    study = read_study(b"study('t', people=known(True))\ntable('t')", lambda _: b"")
    engine = Engine({})
    hold(engine, DATA)
    engine.allow([1, 3, 99])
    [exact] = engine.cells(study)
    assert exact.cells[()].people.tolist() == [1, 3]
    engine.allow([])
    [exact] = engine.cells(study)
    assert exact.cells == {}
    engine.close()
