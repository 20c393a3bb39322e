"""Splink on DuckDB with our model: its settings, and the scores of every pair worth comparing."""

import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from wholerecord.errors import Incorrect, Unavailable
from wholerecord.people.blocking import CROWD
from wholerecord.people.bulk.hear import hear
from wholerecord.people.bulk.keyed import BLOCKING, Rule, key, make_keys
from wholerecord.people.bulk.outside import DuckDBAPI, Linker, SettingsCreator, block_on, pa
from wholerecord.people.bulk.table import read_table, take_rows
from wholerecord.people.model import Model

_HERE = files("wholerecord.people.bulk")
_CONDITIONS: dict[str, dict[str, str]] = tomllib.loads(
    (_HERE / "levels.toml").read_text(encoding="utf-8")
)


class NotEnoughMemory(Unavailable):
    """The database needs more memory for this: give it more with --memory."""


class Bulk:
    """A table of records, prepared once, to train or to score.

    `memory` is what DuckDB may use, in its own words; beyond it, it works on disk in `folder`.
    What more than `crowd` records share tells nobody apart, and makes no pair.
    """

    def __init__(
        self,
        *,
        memory: str = "1200MB",
        folder: Path | None = None,
        blocking: tuple[Rule, ...] = BLOCKING,
        crowd: int = CROWD,
    ) -> None:
        self._blocking = blocking
        self._crowd = crowd
        self.connection = duckdb.connect(":memory:")
        try:
            self.connection.execute("SET memory_limit = $1", [memory])
        except duckdb.Error:
            raise Incorrect(f"{memory} is no amount of memory, such as 1200MB.") from None
        self.connection.execute("SET preserve_insertion_order = false")
        if folder is not None:
            self.connection.execute("SET temp_directory = $1", [str(folder)])
        self.connection.execute((_HERE / "macros.sql").read_text(encoding="utf-8"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _: type[BaseException] | None,
        error: BaseException | None,
        __: TracebackType | None,
    ) -> None:
        self.connection.close()
        while error is not None:  # Splink raises its own, from DuckDB's
            if isinstance(error, duckdb.OutOfMemoryException):
                raise NotEnoughMemory from None
            error = error.__cause__

    def read(self, file: Path) -> int:
        """Take in a CSV or Parquet file with a column `id`; the number of records.

        Raises:
            BadTable: it is none, or a record has no id of its own.
        """
        read_table(self.connection, file)
        self._prepare()
        return self.count("raw")

    def take(self, rows: Sequence[dict[str, str]]) -> None:
        """Take in records held in memory, each with an `id`."""
        take_rows(self.connection, rows)
        self._prepare()

    def count(self, table: str) -> int:
        """How many rows a table has."""
        found = self.connection.table(table).count("*").fetchone()
        return found[0] if found else 0

    def linker(self, settings: dict[str, Any]) -> Any:
        """Splink over the prepared records."""
        api = DuckDBAPI(self.connection)
        return Linker(api.register("people"), settings, log_level=40, validate_settings=False)

    def score(self, model: Model, *, least: float) -> str:
        """The table of pairs that weigh at least `least` bits: ids, weight, level of each."""
        linker = self.linker(settings(model, rules=len(self._blocking)))
        self._frequencies(linker, model)
        return linker.inference.predict(threshold_match_weight=least).physical_name

    def pairs(self, model: Model, *, least: float) -> None:
        """Make the table `pairs`: the pairs of at least `least` bits, each with what forbids it."""
        scored = self.score(model, least=least)
        weights = [
            (f"{name} {level}", said.weight)
            for name, comparison in model.comparisons.items()
            for level, said in comparison.levels.items()
        ]
        known = pa.table({"level": [name for name, _ in weights], "bits": [w for _, w in weights]})
        self.connection.register("known", known)
        self.connection.execute("SET VARIABLE possible = $1", [model.thresholds["bedside"].ask])
        self.connection.table(scored).create_view("scored", replace=True)
        self.connection.execute((_HERE / "vetoes.sql").read_text(encoding="utf-8"))
        self.connection.unregister("known")

    def _prepare(self) -> None:
        hear(self.connection)
        self.connection.execute((_HERE / "prepare.sql").read_text(encoding="utf-8"))
        make_keys(self.connection, self._blocking, crowd=self._crowd)

    def _frequencies(self, linker: Any, model: Model) -> None:
        for name, terms in model.terms.items():
            table = pa.table(
                {
                    f"{name}_term": list(terms.shares),
                    f"tf_{name}_term": list(terms.shares.values()),
                },
                schema=pa.schema(
                    [(f"{name}_term", pa.string()), (f"tf_{name}_term", pa.float64())]
                ),
            )
            self.connection.register("known", table)
            # Every term of these records: Splink weighs one it does not know as average.
            self.connection.execute(
                f"CREATE OR REPLACE TABLE terms_{name} AS SELECT {name}_term, "
                f"coalesce(any_value(tf_{name}_term), $1) AS tf_{name}_term "
                f"FROM people LEFT JOIN known USING ({name}_term) "
                f"WHERE {name}_term IS NOT NULL GROUP BY {name}_term",
                [terms.rarest],
            )
            self.connection.unregister("known")
            api = linker._db_api  # noqa: SLF001 - it takes no other's
            linker.table_management.register_term_frequency_lookup(
                api.register(f"terms_{name}"), f"{name}_term"
            )


def settings(model: Model, *, trained: bool = True, rules: int = len(BLOCKING)) -> dict[str, Any]:
    """The model as Splink's settings. Its prior is even, so that a weight is evidence alone.

    Not `trained`: without its probabilities, for Splink to learn them.
    """
    made = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(name, model, trained=trained) for name in model.comparisons],
        blocking_rules_to_generate_predictions=[block_on(key(n)) for n in range(rules)],
        probability_two_random_records_match=0.5,
        additional_columns_to_retain=["day"],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,
    )
    return made.create_settings_dict("duckdb")


def levels(name: str) -> tuple[str, ...]:
    """The levels of a comparison as Splink counts them down: the first tried is the highest."""
    return tuple(level for level in _CONDITIONS[name] if level != "missing")


def _comparison(name: str, model: Model, *, trained: bool) -> dict[str, Any]:
    said = model.comparisons[name]
    missing = {
        "sql_condition": _CONDITIONS[name]["missing"],
        "label_for_charts": "missing",
        "is_null_level": True,
    }
    known = [_level(name, level, model) for level in levels(name)]
    if not trained:
        known = [{k: v for k, v in said.items() if not k.endswith("bability")} for said in known]
    return {
        "output_column_name": name,
        "comparison_levels": [missing, *known],
        "comparison_description": said.label,
    }


def _level(name: str, level: str, model: Model) -> dict[str, Any]:
    said = model.comparisons[name].levels[level]
    made: dict[str, Any] = {
        "sql_condition": _CONDITIONS[name][level],
        "label_for_charts": level,
        "m_probability": said.m,
        "u_probability": said.u,
    }
    if level == model.comparisons[name].by_term:
        made["tf_adjustment_column"] = f"{name}_term"
        made["tf_adjustment_weight"] = 1.0
        made["tf_minimum_u_value"] = model.terms[name].rarest
        made["disable_tf_exact_match_detection"] = True
    return made
