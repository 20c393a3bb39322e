"""Any study over any data: the plan for DuckDB gives what the plain engine says it means."""

import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.study_data import hold
from wholerecord.research.study.engine import Engine
from wholerecord.research.study.kinds import check
from wholerecord.research.study.meaning import Data, cells
from wholerecord.research.study.nodes import (
    Age,
    Among,
    Band,
    Both,
    Cell,
    Compare,
    Count,
    Days,
    Edge,
    Either,
    Exists,
    Expression,
    Extreme,
    Known,
    Measure,
    Not,
    Of,
    Pick,
    Rows,
    Shift,
    Study,
    Table,
    Value,
)

EXAMPLES = 3000 if os.environ.get("WHOLERECORD_SOAK") else 40
EPOCH = date(2020, 2, 20)
days = st.integers(0, 40).map(lambda n: EPOCH + timedelta(days=n))
BORN = ("1980-02-29", "1980-02-28", "1979-03-01", "1990-12-31", "2002-03-10", "2020-03-01")
born = st.sampled_from([None, *map(date.fromisoformat, BORN)])
codes = st.sampled_from(["a", "b", "c", "é'"])
signs = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])


def or_none(values):
    return st.one_of(st.none(), values)


def coded(n: int, **columns):
    return st.fixed_dictionaries(
        {"person": st.integers(1, n), "code": or_none(codes), "system": st.just("s")} | columns
    )


@st.composite
def data(draw) -> Data:
    n = draw(st.integers(1, 4))
    people = [
        {
            "person": number,
            "sex": draw(or_none(st.sampled_from(["female", "male"]))),
            "born": draw(born),
            "died": draw(or_none(days)),
            "ethnicity": None,
            "area": draw(or_none(codes)),
            "deprivation": draw(or_none(st.integers(1, 10))),
            "practice": "P",
        }
        for number in range(1, n + 1)
    ]
    condition = coded(n, at=or_none(days), ended=or_none(days), status=or_none(codes))
    moment = st.builds(datetime.combine, days, st.times().map(lambda at: at.replace(microsecond=0)))
    observation = coded(
        n,
        at=or_none(moment),
        value=or_none(st.integers(-4, 4).map(lambda n: n / 2)),
        unit=or_none(codes),
        text_value=st.none(),
    )
    return {
        "person": people,
        "condition": draw(st.lists(condition, max_size=14)),
        "observation": draw(st.lists(observation, max_size=14)),
    }


@cache
def numbers(depth: int, table: str | None) -> st.SearchStrategy[Expression]:
    simple = [st.integers(-3, 50).map(Value), st.just(Of("deprivation"))]
    if table == "observation":
        simple.append(st.just(Cell("value")))
    if depth:
        simple += [
            st.builds(Age, dates(depth - 1, table)),
            st.builds(Days, dates(depth - 1, table), dates(depth - 1, table)),
            st.builds(Count, rows(depth - 2)),
            st.builds(Pick, rows(depth - 2, "observation"), st.booleans(), st.just("value")),
            st.builds(Extreme, rows(depth - 2, "observation"), st.booleans(), st.just("value")),
        ]
    return st.one_of(simple)


@cache
def dates(depth: int, table: str | None) -> st.SearchStrategy[Expression]:
    simple = [days.map(Value), st.sampled_from([Of("born"), Of("died")])]
    if table:
        simple.append(st.just(Cell("at")))
    if depth:
        simple += [
            st.builds(Shift, dates(0, table), st.integers(-400, 400)),
            st.builds(Pick, rows(depth - 2), st.booleans(), st.just("at")),
            st.builds(Extreme, rows(depth - 2), st.booleans(), st.just("at")),
        ]
    return st.one_of(simple)


@cache
def texts(depth: int, table: str | None) -> st.SearchStrategy[Expression]:
    simple = [codes.map(Value), st.sampled_from([Of("sex"), Of("area")])]
    if table:
        simple.append(st.just(Cell("code")))
    if depth:
        simple += [
            st.builds(Pick, rows(depth - 1), st.booleans(), st.just("code")),
            st.builds(Band, numbers(depth - 1, table), st.just((0, 2, 18, 40))),
        ]
    return st.one_of(simple)


@cache
def truths(depth: int, table: str | None = None) -> st.SearchStrategy[Expression]:
    less = depth - 1 if depth else 0
    simple = [
        st.builds(Among, texts(less, table), st.frozensets(codes, min_size=1)),
        *(
            st.builds(Compare, signs, each(less, table), each(less, table))
            for each in (numbers, dates, texts)
        ),
        st.builds(Known, st.one_of(numbers(less, table), dates(less, table), texts(less, table))),
        st.booleans().map(Value),
    ]
    if depth:
        simple += [
            st.builds(Not, truths(less, table)),
            st.builds(Both, truths(less, table), truths(less, table)),
            st.builds(Either, truths(less, table), truths(less, table)),
            st.builds(Exists, rows(less)),
        ]
    return st.one_of(simple)


@cache
def rows(depth: int, table: str | None = None) -> st.SearchStrategy[Rows]:
    names = st.just(table) if table else st.sampled_from(["condition", "observation"])
    return names.flatmap(
        lambda name: st.builds(
            Rows, st.just(name), or_none(truths(depth, name)) if depth >= 0 else st.none()
        )
    )


@st.composite
def studies(draw) -> Study:
    banded = st.builds(Band, numbers(2, None), st.just((0, 1, 2, 3, 6, 18, 40)))
    by = st.lists(st.one_of(truths(2), texts(2, None), banded), min_size=1, max_size=2).map(tuple)
    tables = tuple(
        Table(f"t{n}", one, tuple(f"by {i}" for i in range(len(one))))
        for n, one in enumerate(draw(st.lists(by, min_size=2, max_size=8)))
    )
    since = Compare(">=", Pick(draw(rows(1)), True, "at"), Edge(False))
    measure = Measure("m", Both(since, Exists(draw(rows(1)))), draw(truths(1)), date(2020, 1, 31),
                      1, 3)  # fmt: skip
    people = draw(st.one_of(st.just(Value(True)), truths(2)))
    return Study("any", people, tables, (measure,) if draw(st.booleans()) else ())


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    one = Engine({})
    yield one
    one.close()


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(study=studies(), data=data())
def test_the_plan_gives_what_the_study_means(engine: Engine, study: Study, data: Data) -> None:
    check(study)
    hold(engine, data)
    engine.allow(engine.everybody())
    found = {
        table.name: {key: frozenset(cell.people.tolist()) for key, cell in table.cells.items()}
        for table in engine.cells(study)
    }
    assert found == cells(study, data)
