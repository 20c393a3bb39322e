"""The same records weighed on Spark: pair by pair what DuckDB weighs, and the same people.

Runs where PySpark and Java are installed, which the program itself does not need.
"""

import shutil
from importlib.util import find_spec

import pytest

from benchmarks.people_region import COLUMNS, REPORTING, TRUTH, Region
from wholerecord.people.bulk.dialect import in_spark
from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.levels import CONDITIONS
from wholerecord.people.bulk.match import match
from wholerecord.people.bulk.on_spark import NoSpark, on_spark
from wholerecord.people.model import load

HERE = find_spec("pyspark") is not None and shutil.which("java") is not None
MACROS = ("slip(", "slipped(", "mistyped(", "alike(", "crossed(", "initials(", "day_turned(")


@pytest.mark.skipif(not HERE, reason="PySpark or Java is not installed")
@pytest.mark.filterwarnings("ignore")  # PySpark's own
def test_spark_weighs_every_pair_as_duckdb_does_and_makes_the_same_people(tmp_path):
    region = Region(REPORTING).records(400)
    rows = [dict(zip((*COLUMNS, *TRUTH), row, strict=True)) for row in region]
    with Bulk() as bulk:
        bulk.take(rows)
        ours = match(bulk, load())
        pairs = {row[:2]: row[2:] for row in bulk.connection.table("pairs").fetchall()}

    with on_spark("local[2]", tmp_path) as bulk:
        bulk.take(rows)
        theirs = match(bulk, load())
        found = {row[:2]: row[2:] for row in bulk.connection.table("pairs").fetchall()}

    assert len(pairs) > 400
    assert found.keys() == pairs.keys()
    for pair, (bits, *rules) in pairs.items():
        assert found[pair][0] == pytest.approx(bits, abs=1e-6)
        assert list(found[pair][1:]) == rules
    assert theirs.persons == ours.persons
    assert [pair[:2] for pair in theirs.review] == [pair[:2] for pair in ours.review]


@pytest.mark.skipif(HERE, reason="PySpark is installed")
def test_without_spark_it_is_said_what_to_install(tmp_path):
    with pytest.raises(NoSpark, match="install `pyspark`"), on_spark("local[2]", tmp_path):
        pass


def test_no_condition_calls_a_macro_or_what_only_duckdb_has():
    said = " ".join(in_spark(each) for of in CONDITIONS.values() for each in of.values())
    for name in (*MACROS, "list_", "&&", "array_length("):
        assert name not in said.lower()
    assert said.count("EXISTS(") == 14
