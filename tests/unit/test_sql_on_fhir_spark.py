"""SQL-on-FHIR views on Spark: every case gives the rows that it gives by its meaning.

Skipped where there is no Spark; that every case compiles for it is tested without one.
"""

from collections import defaultdict
from typing import Any

import duckdb
import pytest

from tests.unit.sql_on_fhir_cases import RESOURCES
from tests.unit.test_sql_on_fhir import CASES, view
from wholerecord.record import canonical
from wholerecord.research.study.spark import SparkEngine, spark_is_here
from wholerecord.research.views import Resources, compile_view
from wholerecord.research.views.boundary import boundary
from wholerecord.research.views.typed import BOUNDARY
from wholerecord.research.views.words import SPARK


def _bound(text: str | None, date: bool, high: bool) -> str | None:
    return None if text is None else boundary(text, "date" if date else "", high=high)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return tuple(value) if hasattr(value, "asDict") else value


@pytest.mark.skipif(not spark_is_here(), reason="no Spark: install the pyspark wheel and Java 17")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_every_view_gives_its_rows_on_spark():
    bodies: defaultdict[str, list[tuple[str]]] = defaultdict(list)
    for resource in RESOURCES:
        bodies[resource["resourceType"]].append((canonical(resource).decode(),))
    engine = SparkEngine()
    engine.session.udf.register(BOUNDARY, _bound, "string")
    wrong: list[object] = []
    with duckdb.connect() as shapes:
        known = Resources.of(shapes, RESOURCES)
        for case in CASES:
            said, rows = case.values
            made = view(said)
            table = engine.session.createDataFrame(bodies[made.resource], "body string")
            table.coalesce(1).createOrReplaceTempView("t")
            query = compile_view(made, known.shape(made.resource), table="t", words=SPARK)
            found = [tuple(map(_plain, row)) for row in engine.session.sql(query).collect()]
            if found != rows:
                wrong.append((case.id, said, found))
    engine.close()
    assert wrong == []


def test_a_type_of_which_there_is_no_resource_is_read_as_a_struct():
    with duckdb.connect() as engine:
        shape = Resources.of(engine, RESOURCES).shape("Medication")
    made = view({"resource": "Medication", "select": [{"column": [{"name": "i", "path": "id"}]}]})
    assert "STRUCT<" in compile_view(made, shape, table="t", words=SPARK)
