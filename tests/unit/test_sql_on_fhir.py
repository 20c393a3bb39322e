"""SQL-on-FHIR views: the meaning in Python, the typed query in DuckDB, the same plan for Spark."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot

from tests.unit.sql_on_fhir_cases import ERRORS, PATHS, RESOURCES, VIEWS, column
from wholerecord.errors import WholerecordError
from wholerecord.research.views import (
    BadView,
    Resources,
    View,
    compile_view,
    read_view,
    rows_of_view,
)
from wholerecord.research.views.words import SPARK

_CASES = [
    *((feature, {"select": [{"column": [column("v", path)]}]}, [(one,) for one in gives])
      for feature, path, gives in PATHS),
    *VIEWS,
]  # fmt: skip
CASES = [pytest.param(said, rows, id=feature) for feature, said, rows in _CASES]
ASKED = [pytest.param(said, id=feature) for feature, said, _ in _CASES]
WRONG = [pytest.param(said, words, id=feature) for feature, said, words in ERRORS]
_PAGE = Path(__file__).parents[2] / "docs" / "reference" / "sql-on-fhir.md"


@pytest.fixture(scope="module")
def resources() -> Iterator[Resources]:
    with duckdb.connect() as engine:
        yield Resources.of(engine, RESOURCES)


@pytest.fixture(scope="module")
def held() -> Iterator[Resources]:
    with duckdb.connect() as engine:
        resources = Resources.of(engine, RESOURCES)
        for kind in ("Patient", "Observation", "QuestionnaireResponse"):
            resources.hold(kind)
        yield resources


def view(said: dict[str, Any]) -> View:
    return read_view({"resource": "Patient", **said})


@pytest.mark.parametrize(("said", "rows"), CASES)
def test_a_view_gives_its_rows_by_its_meaning(said, rows):
    assert rows_of_view(view(said), RESOURCES) == rows


@pytest.mark.parametrize(("said", "rows"), CASES)
def test_a_view_gives_the_same_rows_by_its_query(said, rows, resources):
    assert resources.rows(view(said)).fetchall() == rows


@pytest.mark.parametrize(("said", "rows"), CASES)
def test_a_view_gives_the_same_rows_of_resources_that_are_held(said, rows, held):
    assert held.rows(view(said)).fetchall() == rows


@pytest.mark.parametrize("said", ASKED)
def test_the_same_plan_is_a_query_for_spark(said, resources):
    made = view(said)
    query = compile_view(made, resources.shape(made.resource), table="t", words=SPARK)
    parsed = sqlglot.parse_one(query, read="spark")
    assert parsed.named_selects == [one.name for one in made.select.all_columns]
    assert parsed.sql("spark") == query
    assert not re.search(r"list_|json_transform|unnest", query, re.IGNORECASE)


@pytest.mark.parametrize(("said", "words"), WRONG)
def test_what_is_wrong_with_a_view_is_said(said, words, resources):
    with pytest.raises(BadView, match=re.escape(words)):
        rows_of_view(view(said), RESOURCES)
    with pytest.raises((BadView, duckdb.Error)) as refused:
        resources.rows(view(said)).fetchall()
    assert words in str(refused.value)


@pytest.mark.parametrize("said", [None, [], "x", 3, {"resource": 3}, {"resource": "Patient"}])
def test_what_is_no_view_is_said_to_be_none(said):
    with pytest.raises(WholerecordError):
        read_view(said)


def test_columns_have_the_types_of_what_they_hold(resources):
    said = {
        "select": [
            {
                "column": [
                    column("t", "gender"),
                    column("b", "active"),
                    column("n", "multipleBirthInteger"),
                    column("d", "1.5"),
                    column("l", "name.given", collection=True),
                    column("x", "nothing", type="boolean"),
                ]
            }
        ]
    }
    types = [str(one) for one in resources.rows(view(said)).types]
    assert types == ["VARCHAR", "BOOLEAN", "BIGINT", "DOUBLE", "VARCHAR[]", "BOOLEAN"]


def test_what_a_view_does_not_name_is_not_read(resources):
    query = compile_view(view({"select": [{"column": [column("a", "gender")]}]}),
                         resources.shape("Patient"), table="t")  # fmt: skip
    assert "telecom" not in query
    assert "family" not in query


def test_a_text_with_a_quote_stays_a_text(resources):
    said = {"select": [{"column": [column("a", "gender = 'x\\' OR 1=1 --'")]}]}
    assert resources.rows(view(said)).fetchall() == [(False,), (False,), (None,)]


def test_an_element_that_is_now_a_value_and_now_an_element_is_refused():
    with duckdb.connect() as engine:
        odd = [
            {"resourceType": "Patient", "id": "a", "odd": 1},
            {"resourceType": "Patient", "id": "b", "odd": {"x": 1}},
        ]
        with pytest.raises(BadView, match="now a value and now an element"):
            Resources.of(engine, odd).rows(
                view({"select": [{"column": [column("a", "odd")]}]})
            ).fetchall()


def test_views_are_asked_of_a_file_of_bulk_export(tmp_path):
    file = tmp_path / "all.ndjson"
    file.write_text("\n".join(json.dumps(one) for one in RESOURCES))
    with duckdb.connect() as engine:
        rows = Resources.in_file(engine, file).rows(
            view({"select": [{"column": [column("a", "id")]}]})
        )
        assert sorted(rows.fetchall()) == [("p1",), ("p2",), ("p3",)]


def test_a_long_chain_of_steps_is_read_and_written_in_bounded_size(resources):
    path = "name" + ".where(use = 'official')" * 12 + ".family = 'Ash'"
    said = view({"select": [{"column": [column("a", path)]}]})
    query = compile_view(said, resources.shape("Patient"), table="t")
    assert len(query) < 5_000
    assert resources.rows(said).fetchall() == [(True,), (None,), (None,)]


def test_the_page_of_what_is_done_names_every_feature_that_is_tested():
    page = _PAGE.read_text(encoding="utf-8")
    for feature in {one[0] for one in (*PATHS, *VIEWS, *ERRORS)}:
        assert f"`{feature}`" in page, feature
