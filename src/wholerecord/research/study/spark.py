"""Studies over Parquet tables, by Spark: the plan of `plan` in Spark's words, with the same rows.

For a cluster, and for holding the two engines against each other. Spark is not among what this
program needs: where the `pyspark` wheel and Java 17 are installed, this is how to use them.
"""

import importlib
import importlib.util
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from wholerecord.errors import Unavailable
from wholerecord.research.study.engine import Exact, exact_of
from wholerecord.research.study.intervals import tables_of
from wholerecord.research.study.nodes import Study
from wholerecord.research.study.plan import ALLOWED, plan


class NoSpark(Unavailable):
    """There is no Spark here: install the `pyspark` wheel and Java 17."""


def spark_is_here() -> bool:
    """Whether Spark can be begun on this machine."""
    return importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None


def spark_text(study: Study) -> str:
    """The plan of a study in Spark SQL."""
    return plan(study).sql(dialect="spark", identify=True)


class SparkEngine:
    """The tables of one snapshot, ready to be asked. `master` is Spark's: a cluster, or local."""

    def __init__(self, master: str = "local[1]") -> None:
        if not spark_is_here():
            raise NoSpark
        sql: Any = importlib.import_module("pyspark.sql")
        self.session: Any = (
            sql.SparkSession.builder.master(master)
            .appName("wholerecord")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()
        )

    def read(self, files: Mapping[str, Path]) -> None:
        """From now on the tables are these Parquet files."""
        for name, file in files.items():
            self.session.read.parquet(str(file)).createOrReplaceTempView(name)

    def allow(self, people: Iterable[int]) -> None:
        """From now on these may be asked about, and nobody else."""
        rows = [(int(one),) for one in people]
        self.session.createDataFrame(rows, "person bigint").createOrReplaceTempView(ALLOWED)

    def cells(self, study: Study) -> tuple[Exact, ...]:
        """Who is in each cell of each table of a study: what `engine.Engine.cells` says."""
        found: Any = self.session.sql(spark_text(study)).toArrow()
        return tuple(exact_of(n, table, found) for n, table in enumerate(tables_of(study)))

    def close(self) -> None:
        """End the session."""
        self.session.stop()
