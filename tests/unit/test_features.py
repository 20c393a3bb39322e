"""Features for machine learning: what a line says, what is told as other, and who may have them."""

import csv
import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.test_boards import coded, snapshot
from tests.unit.test_omop import ANN, NOW
from tests.unit.test_omop import place as empty_place
from wholerecord.research.arrow import pq
from wholerecord.research.extracts.ask import ask_extract, take_extract
from wholerecord.research.extracts.cut import FEATURES, Wanted
from wholerecord.research.features.coarsen import OTHER, coarsened
from wholerecord.research.features.matrix import Column, Matrix, matrix_of
from wholerecord.research.snapshot import begin, finish
from wholerecord.research.study.book import Standing
from wholerecord.research.study.nodes import StudyWrong
from wholerecord.research.study.pseudonyms import pseudonym, read_key
from wholerecord.research.study.source import read_study
from wholerecord.research.tables import TABLES

PEOPLE = range(1, 121)
STUDY = b"""
on = date(2025, 1, 1)
study("who is ill", people=age_at(on) >= 18)
feature("age", band(age_at(on), 18, 40, 65))
feature("sex", person.sex)
feature("stroke", condition.where(row.code in codes("stroke")).exists())
feature("=metformin", medication.where(row.code in codes("metformin")).exists())
"""


def rows() -> dict[str, list[dict[str, Any]]]:
    """People of three ages; a third had a stroke; one is of a sex that nobody else is of."""
    people = [
        {"person": n, "sex": "other" if n == 7 else "female" if n % 2 else "male",
         "born": date(1940 + 25 * (n % 3), 1, 1)}
        for n in PEOPLE
    ]  # fmt: skip
    return {
        "person": [*people, {"person": 500, "sex": "male", "born": date(2020, 1, 1)}],
        "condition": [coded(n, "stroke", date(2024, 2, 1)) for n in PEOPLE if n % 3 == 0],
        "medication": [coded(n, "metformin", date(2024, 2, 1)) for n in PEOPLE if n % 4 == 0],
    }


def none(name: str) -> bytes:
    raise AssertionError(name)


def test_each_line_says_of_one_person_what_the_study_asks(tmp_path: Path):
    taken = snapshot(rows(), tmp_path)
    files = {name: taken.file(name) for name in TABLES}
    matrix = matrix_of(files, taken_people(), read_study(STUDY, none))
    assert matrix.people.tolist() == list(PEOPLE)
    said = {
        one.name: {n: one.words[each] for n, each in zip(PEOPLE, one.said, strict=True)}
        for one in matrix.columns
    }
    assert said["stroke"] == {n: "yes" if n % 3 == 0 else "no" for n in PEOPLE}
    assert said["sex"][7] == "other"
    assert [one.outside for one in matrix.columns] == [True, True, False, False]


def taken_people():
    return np.array([*PEOPLE, 500], dtype=np.int64)


def column(name: str, words: list[str], *, outside: bool = False) -> Column:
    order = tuple(sorted(set(words)))
    return Column(name=name, words=order, said=np.array([order.index(each) for each in words]),
                  outside=outside)  # fmt: skip


def matrix(*columns: Column) -> Matrix:
    return Matrix(people=np.arange(len(columns[0].said)), columns=columns)


def test_a_value_that_few_people_have_is_told_as_other():
    sizes = ["a"] * 40 + ["b"] * 40 + ["c"] * 9
    told = coarsened(matrix(column("x", sizes), column("y", ["yes", "no"] * 44 + ["no"])))
    assert told
    lines, risk = told
    assert lines.columns[0].words == ("a", "b", OTHER)
    assert (lines.columns[0].said == 2).sum() == 9
    assert risk.least == 10
    assert 0.05 < risk.lost < 0.06


def test_two_known_values_single_out_one_in_twenty_at_most_or_nothing_leaves():
    drawn = random.Random(3)  # noqa: S311 - a test
    few = [column(f"c{n}", [str(drawn.randrange(12)) for _ in range(400)]) for n in range(6)]
    many = [column(f"c{n}", [str(n * 7 % 150) for n in range(400)]) for n in range(3)]
    told = coarsened(matrix(*few))
    assert told
    assert told[1].pairs.most <= 0.05
    assert told[1].lines > 0.9
    assert "Nobody else has the whole line" in told[1].says()
    assert coarsened(matrix(*many)) is None


def test_groups_are_by_what_is_known_from_outside():
    sex = column("sex", ["f", "m"] * 50, outside=True)
    ill = column("ill", ["yes" if n % 10 == 0 else "no" for n in range(100)])
    told = coarsened(matrix(sex, ill))
    assert told
    groups = told[1].groups
    assert (groups.smallest, groups.people) == (50, 100)
    assert round(groups.diversity.far, 2) == 0.1  # all ten are among the f: 10 of 50, and 10 of 100
    assert "by sex" in told[1].says()


@pytest.mark.parametrize(
    ("study", "told"),
    [
        (b"study('t', people=known(person.sex))\nfeature('x', person.born)", "a day"),
        (b"study('t', people=known(person.sex))\nfeature('x', age_at(date(2025, 1, 1)))", "bands"),
        (b"study('t', people=known(person.sex))\nfeature('person', person.sex)", "there already"),
        (b"study('t', people=known(person.sex))\nfeature('x', person.sex)\ntable('t')", "own"),
        (b"study('t', people=known(person.sex))\n" + b"feature('x', person.sex)\n" * 2,
         "Two features"),
    ],
)  # fmt: skip
def test_what_may_be_no_feature_is_told(study: bytes, told: str):
    with pytest.raises(StudyWrong, match=told):
        read_study(study, none)


async def place(folder: Path):
    """A project that may ask, and tables of these people."""
    at = await empty_place(folder)
    making = begin(folder / "s", "s2")
    taken = snapshot(rows(), making)
    fields = {name: getattr(taken.manifest, name) for name in taken.manifest.__struct_fields__}
    fields |= {"name": "s2", "as_of": datetime(2026, 7, 1, tzinfo=UTC)}
    finish(making, taken.manifest.__class__(**fields))
    return at


async def test_features_wait_for_two_and_leave_as_one_line_a_person(tmp_path: Path):
    at = await place(tmp_path)
    wanted = Wanted(model=FEATURES, study=STUDY.decode())
    case = await ask_extract(at, ANN, wanted, now=lambda: NOW)
    assert case.standing is Standing.WAITING
    assert case.ran
    assert all(each in case.ran.told.why for each in ("(k;", "(l;", "(t)", "single out"))
    for by in ("gov1", "gov2"):
        await at.book.check_study(case.n, by=by, approve=True, why="looked")
    to = tmp_path / "out"
    told = await take_extract(at, ANN, case.n, to, csv=False, now=NOW)
    assert told.rows == {"features": len(PEOPLE)}
    assert {path.name for path in to.iterdir()} == {"features.parquet", "risk.txt"}
    table = pq.read_table(to / "features.parquet")
    assert table.column_names == ["person", "age", "sex", "stroke", "=metformin"]
    names = table.column("person").to_pylist()
    key = read_key(at.key_file("p1"))
    assert names == sorted(pseudonym(key, n) for n in PEOPLE)
    assert OTHER in table.column("sex").to_pylist()  # whom nobody else is like
    await take_extract(at, ANN, case.n, tmp_path / "csv", csv=True, now=NOW)
    with (tmp_path / "csv" / "features.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    assert lines[0][-1] == "'=metformin"  # no formula
    assert len(lines) == len(PEOPLE) + 1


async def test_features_that_cannot_be_made_are_refused_and_on_the_register(tmp_path: Path):
    at = await place(tmp_path)
    some = "study('t', people=known(person.sex))\nfeature('x', person.born)"
    one = "study('t', people=person.sex == 'other')\nfeature('x', person.sex)"
    for study, standing, told in (
        (some, Standing.WRONG, "Line"),
        (one, Standing.REFUSED, "single people out"),
    ):
        case = await ask_extract(at, ANN, Wanted(model=FEATURES, study=study), now=lambda: NOW)
        assert case.standing is standing
        assert told in (case.ran.told.why if case.ran else "")
