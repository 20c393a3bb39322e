"""Any study over any data: Spark gives the rows that the plain engine says it means.

Skipped where there is no Spark. The plan's own words are tested without it.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from tests.property.test_study_laws import data, studies
from tests.unit.study_data import written
from wholerecord.research.study.meaning import Data, cells
from wholerecord.research.study.nodes import Study
from wholerecord.research.study.source import read_study
from wholerecord.research.study.spark import NoSpark, SparkEngine, spark_is_here, spark_text

#: Spark's own Python leaves sockets for the collector to close.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
NEEDS = pytest.mark.skipif(
    not spark_is_here(), reason="no Spark: install the pyspark wheel and Java 17"
)
EXAMPLES = 200 if os.environ.get("WHOLERECORD_SOAK") else 15


@pytest.fixture(scope="module")
def engine() -> Iterator[SparkEngine]:
    made = SparkEngine()
    yield made
    made.close()


@NEEDS
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(study=studies(), held=data())
def test_spark_gives_what_the_study_means(
    engine: SparkEngine, tmp_path_factory: pytest.TempPathFactory, study: Study, held: Data
) -> None:
    engine.read(written(held, tmp_path_factory.mktemp("held")))
    engine.allow(row["person"] for row in held["person"])
    found = {
        table.name: {key: frozenset(cell.people.tolist()) for key, cell in table.cells.items()}
        for table in engine.cells(study)
    }
    assert found == cells(study, held)


def test_without_spark_an_engine_says_what_is_missing(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoSpark, match="Java 17"):
        SparkEngine()


def test_the_plan_is_in_the_words_of_spark():
    study = read_study(
        b"""
index = date(2025, 3, 31)
last = condition.where(row.code in codes("it's")).last()
study("x", people=last.at + days(4) < index and days_between(person.born, index) > 4)
table("by", by=[last.code])
""",
        lambda _: b"",
    )
    said = spark_text(study)
    assert "QUALIFY" not in said
    assert "DATEDIFF(" in said
    assert "'it\\'s'" in said
    assert "`at`" in said
