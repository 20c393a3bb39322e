"""Studies over Parquet tables, by Spark: the plan of `plan` in Spark's words, with the same rows.

For a cluster, and for holding the two engines against each other. Spark is not among what this
program needs: where the `pyspark` wheel and Java 17 are installed, this is how to use them.
"""

import importlib
import importlib.util
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Timer
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from wholerecord.errors import Unavailable
from wholerecord.research.arrow import pa
from wholerecord.research.study.engine import LONGEST, Exact, TooLarge, exact_of
from wholerecord.research.study.intervals import tables_of
from wholerecord.research.study.nodes import Study, StudyWrong
from wholerecord.research.study.plan import ALLOWED, plan

_NONE: Mapping[str, Path] = MappingProxyType({})


class NoSpark(Unavailable):
    """There is no Spark here: install the `pyspark` wheel and Java 17."""


def spark_is_here() -> bool:
    """Whether Spark can be begun on this machine."""
    return importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None


def spark_text(study: Study) -> str:
    """The plan of a study in Spark SQL."""
    return plan(study).sql(dialect="spark", identify=True)


class SparkEngine:
    """The tables of one snapshot, ready to be asked; `files` are Parquet, by table.

    `master` is Spark's: `spark://HOST:PORT` of a cluster, which must see the files under the same
    paths, or `local[1]`.
    """

    def __init__(self, files: Mapping[str, Path] = _NONE, *, master: str = "local[1]") -> None:
        if not spark_is_here():
            raise NoSpark
        sql: Any = importlib.import_module("pyspark.sql")
        self._errors: tuple[type[Exception], ...] = (
            importlib.import_module("pyspark.errors").PySparkException,
            importlib.import_module("py4j.protocol").Py4JError,
        )
        self.session: Any = (
            sql.SparkSession.builder.master(master)
            .appName("wholerecord")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.log.level", "ERROR")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()
        )
        self.read(files)

    def read(self, files: Mapping[str, Path]) -> None:
        """From now on the tables are these Parquet files."""
        for name, file in files.items():
            self.session.read.parquet(str(file)).createOrReplaceTempView(name)

    def people(self) -> Any:
        """The table of people, as Arrow."""
        return self.session.table("person").toArrow()

    def allow(self, people: Iterable[int] | NDArray[np.int64]) -> None:
        """From now on these may be asked about, and nobody else."""
        numbers = np.fromiter(people, dtype=np.int64)
        table = pa.table({"person": pa.array(numbers)})
        self.session.createDataFrame(table).createOrReplaceTempView(ALLOWED)

    def cells(self, study: Study) -> tuple[Exact, ...]:
        """Who is in each cell of each table of a study: what `engine.Engine.cells` says.

        Raises:
            TooLarge: it takes too long.
        """
        found = self._fetch(spark_text(study))
        return tuple(exact_of(n, table, found) for n, table in enumerate(tables_of(study)))

    def cells_of_query(
        self,
        query: exp.Select,  # noqa: ARG002 - whatever it is
        name: str,  # noqa: ARG002 - as it is
        names: tuple[str, ...],  # noqa: ARG002 - as they are
    ) -> Exact:
        """Never: a query of somebody's own is in the words of DuckDB, and is run by it.

        Raises:
            StudyWrong: always.
        """
        raise StudyWrong("A study in SQL is not run on Spark: write it in the language of studies.")

    def _fetch(self, text: str) -> Any:
        late: list[bool] = []

        def stop() -> None:
            late.append(True)
            self.session.sparkContext.cancelAllJobs()

        watch = Timer(LONGEST, stop)
        watch.start()
        try:
            return self.session.sql(text).toArrow()
        except self._errors:  # their own words may hold somebody's data
            if late:
                raise TooLarge from None
            raise StudyWrong("The database cannot run it: compare like with like.") from None
        finally:
            watch.cancel()

    def close(self) -> None:
        """End the session."""
        self.session.stop()
