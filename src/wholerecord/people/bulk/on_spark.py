"""The same model weighed by Splink on Spark: what a cluster does with a nation's records.

What each spelling is (`hear`) is worked out once, as for DuckDB, and everybody is written as
Parquet; Spark brings the pairs together and weighs them; what a rule forbids and who is with whom
is decided here from its levels, by the same functions as otherwise. So who is one person does not
depend on which of the two weighed.
"""

import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

from wholerecord.errors import Unavailable
from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.levels import CONDITIONS, as_level, bits_of, levels
from wholerecord.people.bulk.score import begin, forbid
from wholerecord.people.bulk.splinked import settings
from wholerecord.people.bulk.train import label
from wholerecord.people.model import Model

_COLUMNS = (
    "unique_id_l",
    "unique_id_r",
    "match_weight",
    *(f"gamma_{name}" for name in CONDITIONS),
)
_PLACED = (files("wholerecord.people.bulk") / "on_spark.sql").read_text(encoding="utf-8")


class NoSpark(Unavailable):
    """PySpark or Java is not installed: install `pyspark` and a Java runtime, 17 or later."""


@contextmanager
def session(master: str, folder: Path) -> Generator[Any]:
    """A Spark session at `master` (`local[2]`, `spark://host:7077`), with Splink's functions.

    Raises:
        NoSpark: there is no PySpark, or no Java that it could run.
    """
    try:
        sql: Any = import_module("pyspark.sql")
        jar = import_module("splink.backends.spark").similarity_jar_location()
        of_java: type[Exception] = import_module("py4j.protocol").Py4JError
    except ImportError:
        raise NoSpark from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    named = {
        "spark.jars": jar,
        "spark.sql.shuffle.partitions": "8",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = sql.SparkSession.builder.master(master).appName("wholerecord people match")
    for name, value in named.items():
        builder = builder.config(name, value)
    try:
        spark = builder.getOrCreate()
    except (OSError, RuntimeError, of_java) as error:  # no Java, too old a one, or no such master
        raise NoSpark from error
    spark.sparkContext.setLogLevel("ERROR")
    spark.sparkContext.setCheckpointDir(str(folder / "checkpoints"))
    try:
        yield spark
    finally:
        spark.stop()


@contextmanager
def on_spark(master: str, folder: Path, **more: Any) -> Generator["SparkBulk"]:
    """A table of records that Spark at `master` weighs, with what it writes below `folder`."""
    with (
        tempfile.TemporaryDirectory(dir=folder, prefix=".spark-") as name,
        session(master, Path(name)) as spark,
        SparkBulk(spark, Path(name), **more) as bulk,
    ):
        yield bulk


class SparkBulk(Bulk):
    """A table of records, prepared as in `Bulk`, whose pairs Spark weighs.

    The folder has to be one that every worker sees. Crowds make pairs too: Splink has no such rule.
    """

    def __init__(self, spark: Any, folder: Path, **more: Any) -> None:
        super().__init__(folder=folder, **more)
        self._spark, self._folder = spark, folder

    def pairs(self, model: Model, *, least: float) -> None:
        """See `Bulk.pairs`."""
        with tempfile.TemporaryDirectory(dir=self._folder) as name:
            folder = Path(name)
            label(self)
            scored = self._weighed(model, folder, least).select(*_COLUMNS)
            scored.write.parquet(str(folder / "scored"))
            self._take_back(model, folder / "scored")

    def learner(self, model: Model) -> Any:
        """Splink on Spark over the table `told`, to be trained: for `train`."""
        return self._splink(model, self._folder, trained=False)[1]

    def _splink(self, model: Model, folder: Path, *, trained: bool) -> tuple[Any, Any]:
        """Splink's way to Spark, and Splink over everybody, who are written to `folder`."""
        splink, backend = import_module("splink"), import_module("splink.backends.spark")
        api: Any = backend.SparkAPI(spark_session=self._spark, break_lineage_method="parquet")
        file = str(folder / "told.parquet")
        self.connection.table("told").write_parquet(file)
        told = api.register(self._spark.read.parquet(file), table_name="told")
        said = settings(model, self.blocking, trained=trained, dialect="spark")
        return api, splink.Linker(told, said, log_level=40, validate_settings=False)

    def _weighed(self, model: Model, folder: Path, least: float) -> Any:
        """The pairs of at least `least` bits as Splink says them, a Spark table."""
        api, linker = self._splink(model, folder, trained=True)
        for name, terms in model.terms.items():
            known = self.connection.table("people").project(f"{name}_term").distinct().fetchall()
            rows = [(term, terms.shares.get(term, terms.rarest)) for (term,) in known if term]
            table = self._spark.createDataFrame(rows, [f"{name}_term", f"tf_{name}_term"])
            registered = api.register(table, table_name=f"terms_{name}")
            linker.table_management.register_term_frequency_lookup(registered, f"{name}_term")
        return linker.inference.predict(threshold_match_weight=least).as_spark_dataframe()

    def _take_back(self, model: Model, folder: Path) -> None:
        """Make `placed` and `pairs` of what Spark weighed."""
        begin(self.connection, model)
        told = ", ".join(_level(name) for name in CONDITIONS)
        scored = self.connection.read_parquet(f"{folder}/*.parquet")
        levelled = scored.project(f"unique_id_l, unique_id_r, match_weight AS bits, {told}")
        number = f"{bits_of('nhs_number', model)} AS number_bits"
        levelled.project(f"*, {number}").to_table("levelled")
        self.connection.execute(_PLACED)
        forbid(self.connection)
        self.connection.execute("DROP TABLE levelled")


def _level(name: str) -> str:
    """The expression that says at which level Splink's number of it is: the last tried is 0."""
    cases = " ".join(
        f"WHEN {n} THEN {as_level(level)}" for n, level in enumerate(reversed(levels(name)))
    )
    return f"CASE gamma_{name} {cases} ELSE {as_level('missing')} END AS {name}"
