"""A table of records in DuckDB: taken in, prepared once, and its pairs weighed with our model."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from wholerecord.errors import Incorrect, Unavailable
from wholerecord.people.blocking import CROWD
from wholerecord.people.bulk.hear import hear
from wholerecord.people.bulk.keyed import BLOCKING, Rule, make_keys
from wholerecord.people.bulk.score import score
from wholerecord.people.bulk.table import read_table, take_rows
from wholerecord.people.model import Model

_HERE = files("wholerecord.people.bulk")
_MACROS, _PREPARE = (
    (_HERE / f"{name}.sql").read_text(encoding="utf-8") for name in ("macros", "prepare")
)


class NotEnoughMemory(Unavailable):
    """The database needs more memory for this: give it more with --memory."""


class Bulk:
    """A table of records, prepared once, to train or to score.

    `memory` is what DuckDB may use, in its own words; beyond it, it works on disk in `folder`.
    What more than `crowd` records share tells nobody apart, and makes no pair. With `once` what led
    to something is let go of as soon as it did: the table as it was read once it is prepared, the
    keys once there are pairs.
    """

    def __init__(
        self,
        *,
        memory: str = "1200MB",
        folder: Path | None = None,
        blocking: tuple[Rule, ...] = BLOCKING,
        crowd: int = CROWD,
        once: bool = False,
    ) -> None:
        self.blocking = blocking
        self._once = once
        self._crowd = crowd
        self.connection = duckdb.connect(":memory:")
        try:
            self.connection.execute("SET memory_limit = $1", [memory])
        except duckdb.Error:
            raise Incorrect(f"{memory} is no amount of memory, such as 1200MB.") from None
        self.connection.execute("SET preserve_insertion_order = false")
        if folder is not None:
            self.connection.execute("SET temp_directory = $1", [str(folder)])
        self.connection.execute(_MACROS)

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
        return self.count("people")

    def take(self, rows: Sequence[dict[str, str]]) -> None:
        """Take in records held in memory, each with an `id`."""
        take_rows(self.connection, rows)
        self._prepare()

    def count(self, table: str) -> int:
        """How many rows a table has."""
        found = self.connection.table(table).count("*").fetchone()
        return found[0] if found else 0

    def pairs(self, model: Model, *, least: float) -> None:
        """Make `pairs`, by ids, and `placed`, by places, of those of at least `least` bits.

        Each says with what the pair is forbidden, held, or worth a look: see `vetoes.sql`.
        """
        score(self.connection, model, least=least, crowd=self._crowd, once=self._once)

    def _prepare(self) -> None:
        hear(self.connection)
        self.connection.execute(_PREPARE)
        if self._once:
            self.connection.execute("DROP TABLE raw")
        make_keys(self.connection, self.blocking)
