"""A study's file: what it may say, and that it cannot do anything else."""

import ast
import time
from datetime import date
from pathlib import Path

import pytest

from wholerecord.research.study import source
from wholerecord.research.study.nodes import Age, Band, Count, Of, Rows, StudyWrong
from wholerecord.research.study.source import read_study

STUDY = """
'''Who was tested.'''
diabetes = codes("44054006", "73211009")
tests = codelist("hba1c.csv")
index = date(2025, 3, 31)
diagnosed = condition.where(row.code in diabetes and row.at <= index)
tested = observation.where(row.code in tests).where(index - days(365) < row.at <= index)
study("Tested", people=diagnosed.exists() and age_at(index) >= 18 and not known(person.died))
table("by age and sex", by=[band(age_at(index), 18, 65), person.sex], mean=tested.last().value)
table("often", by=tested.count() > 2)
measure("in time", of=tested.last().at >= interval.start, among=diagnosed.first().at < interval.end,
        start=date(2024, 1, 1), months=3, intervals=4)
"""
LISTS = {"hba1c.csv": b"code,term\n999791000000106,HbA1c\n"}


def read(text: str | bytes):
    def read_list(name: str) -> bytes:
        try:
            return LISTS[name]
        except KeyError:
            raise StudyWrong(f"There is no {name} beside the study.") from None

    return read_study(text.encode() if isinstance(text, str) else text, read_list)


def wrong(text: str | bytes) -> str:
    with pytest.raises(StudyWrong) as caught:
        read(text)
    return str(caught.value)


def test_a_study_is_what_its_file_says():
    study = read(STUDY)
    assert study.title == "Tested"
    by_age, often = study.tables
    assert by_age.names == ("age", "sex")
    assert by_age.by[1] == Of("sex")
    assert isinstance(by_age.by[0], Band)
    assert isinstance(by_age.by[0].part, Age)
    assert isinstance(often.by[0].left, Count)  # type: ignore[union-attr]
    assert isinstance(often.by[0].left.rows, Rows)  # type: ignore[union-attr]
    assert study.measures[0].start == date(2024, 1, 1)
    assert study.measures[0].intervals == 4


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "from os import system",
        "x = open('/etc/passwd')",
        "x = __import__('socket')",
        "eval('1')",
        "while True: pass",
        "for x in [1]: pass",
        "def f(): pass",
        "class C: pass",
        "x = lambda: 1",
        "x = [y for y in (1, 2)]",
        "raise ValueError",
        "assert False",
        "del study",
        "with open('x') as y: pass",
        "x = person.__class__",
        "x = ().__class__.__bases__",
        "x = condition.where.__globals__",
        "x = f'{person}'",
        "x = 9 ** 9 ** 9",
        "x = 'a' * 1000000000",
        "x = date(2025, 1, 1) if True else 1",
        "x = (y := 1)",
        "x, y = 1, 2",
        "person.sex = 'female'",
        "study = 1",
        "x = codes(*('1',))",
        "x = age_at(**{'day': 1})",
        "x = b'1'",
        "x = 1j",
        "x = None",
        "x = ...",
        "await x",
        "global x",
        "x += 1",
        "print(1)",
        "x = codelist('../../etc/passwd.csv')",
        "x = codelist('/etc/passwd')",
    ],
)
def test_what_is_not_a_study_is_refused_with_its_line(line):
    assert "Line 3: " in wrong(f"'''A study.'''\n\n{line}\n")


@pytest.mark.parametrize(
    "whole",
    [
        b"(" * 3000,
        b"x = " + b"not " * 20_000 + b"True",
        b"x = " + b"-" * 5_000 + b"1",
        b"\0",
        b"\xff\xfe",
        b"x = 1\n" * 20_000,
        b"x = (" + b"1, " * 9_000 + b")",
        b"x = known(True)\n" + b"x = x and x\n" * 200,
        b"x = known(True)\n" + b"x = not x\n" * 500,
    ],
)
def test_a_file_that_would_take_for_ever_is_refused_at_once(whole):
    began = time.perf_counter()
    wrong(whole)
    assert time.perf_counter() - began < 20  # for ever, not how quick


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("x = date(2025, 2, 30)", "There is no day 2025-2-30"),
        ("x = condition.where(row.nope == 1)", "`condition` has no column `nope`: it has code"),
        ("x = condition.where(row.at > 1)", "`>` needs a day, and was given a number"),
        ("x = condition.where(row.code in codes())", "needs the codes"),
        ("x = condition.last", "pick one with `.last()`"),
        ("study('x', people=condition)", "Rows are not a value: add `.exists()`"),
        ("study('x', people=row.code == 'a')", "`row` may only be used within `where(…)`"),
        ("study('x', people=age_at(person.born))", "must be said with yes or no"),
        ("table('t', by=[person.born])", "by a day, which singles people out"),
        ("table('t', by=[person.deprivation])", "in bands with `band(…)`"),
        ("table('t', by=[person.sex] )\ntable('t', mean=person.sex)", "needs a number"),
        ("x = known(person.sex) is True", "`is` cannot be used"),
        ("x = known(interval.middle)", "a `start` and an `end`"),
        ("x = codelist('no.csv')", "There is no no.csv beside the study"),
        ("x = nothing", "Nothing is called `nothing` here"),
        ("study('x')", "`study(…)` is not given like this"),
        ("x = date(1066, 10, 14)\nstudy('x', people=person.born < x)", "is not a day to ask about"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_remedy(line, told):
    message = wrong(line)
    assert told in message
    assert "Line " in message


def test_a_study_without_people_or_tables_says_so():
    assert "add `study(title, people=…)`" in wrong("x = 1")
    assert "It asks for nothing" in wrong("study('x', people=known(person.sex))")
    twice = "study('x', people=known(person.sex))\ntable('t')\ntable('t')"
    assert "Two tables are called 't'" in wrong(twice)


def test_nothing_of_a_study_is_ever_run():
    """The module that reads studies calls neither eval, exec, compile nor getattr."""
    tree = ast.parse(Path(source.__file__).read_text())
    called = {node.func.id for node in ast.walk(tree)
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip
    assert not called & {"eval", "exec", "compile", "getattr", "__import__", "open", "vars"}
