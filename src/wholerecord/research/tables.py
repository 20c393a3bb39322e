"""The tables that studies and counts read: the folded record, flat and typed, without a name.

One row for each code that an entry carries by any source, our own concept first: so whoever counts
people counts a stroke once, and whoever asks by SNOMED CT, Read or our own concept finds it. Free
text is in no column. `person` is an internal number that leaves in nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from wholerecord.research.arrow import pa

#: The system of our own concepts (`terms.CONCEPTS`), in the column `system`.
CONCEPT = "urn:wholerecord:concept"
#: The version of the tables below: it goes up when a column is added or means something else.
VERSION = 2

#: DuckDB's word for a type → Arrow's type of it.
_TYPES: MappingProxyType[str, Any] = MappingProxyType(
    {
        "BIGINT": pa.int64(),
        "TINYINT": pa.int8(),
        "DOUBLE": pa.float64(),
        "VARCHAR": pa.string(),
        "DATE": pa.date32(),
        "TIMESTAMP": pa.timestamp("us"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: `type` is DuckDB's word for it. `means` says what stands in it, and its unit."""

    name: str
    type: str
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table. `sorted_by` are the columns its rows are sorted by in a snapshot, blanks last."""

    name: str
    columns: tuple[Column, ...]
    sorted_by: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column | None:
        """The column so named, or None."""
        return next((column for column in self.columns if column.name == name), None)


_PERSON = Column(name="person", type="BIGINT", means="an internal number; it leaves in nothing")
_CODED = (
    _PERSON,
    Column(name="code", type="VARCHAR", means="the code, as its system writes it"),
    Column(name="system", type="VARCHAR", means=f"the address of the code's system, or {CONCEPT}"),
)
_AT = Column(name="at", type="DATE", means="the (first) day on which it was or began")
_ENDED = Column(name="ended", type="DATE", means="the day on which it ended, where it is said")
_STATUS = Column(name="status", type="VARCHAR", means="the entry's status, as `fold.Entry` has it")
_MOMENT = Column(name="at", type="TIMESTAMP", means="when it was measured, UTC")


def _coded(name: str, *columns: Column) -> Table:
    return Table(name=name, columns=(*_CODED, *columns), sorted_by=("code", "person", "at"))


#: Every table by its name.
TABLES = MappingProxyType(
    {
        table.name: table
        for table in (
            Table(
                name="person",
                columns=(
                    _PERSON,
                    Column(name="sex", type="VARCHAR", means="female, male, other or unknown"),
                    Column(name="born", type="DATE", means="the (first) day they may be born on"),
                    Column(name="died", type="DATE", means="the (first) day they may have died on"),
                    Column(name="ethnicity", type="VARCHAR", means="ethnic category 2001, a code"),
                    Column(name="area", type="VARCHAR", means="a small area, or postcode district"),
                    Column(name="deprivation", type="TINYINT", means="decile, 1 the most deprived"),
                    Column(name="practice", type="VARCHAR", means="ODS code of the GP practice"),
                ),
                sorted_by=("person",),
            ),
            _coded("condition", _AT, _ENDED, _STATUS),
            _coded("medication", _AT, _ENDED, _STATUS),
            _coded(
                "observation",
                _MOMENT,
                Column(name="value", type="DOUBLE", means="the number measured, in `unit`"),
                Column(name="unit", type="VARCHAR", means="UCUM where the source says so"),
                Column(name="text_value", type="VARCHAR", means="a coded value; never free text"),
            ),
            _coded(
                "encounter",
                _AT,
                _ENDED,
                Column(name="setting", type="VARCHAR", means="inpatient, emergency, GP, home, …"),
            ),
            _coded("procedure", _AT),
            _coded("immunisation", _AT, _STATUS),
            _coded("allergy", _AT, _STATUS),
            _coded("care_plan", _AT, _ENDED, _STATUS),
            _coded("service", _AT, _ENDED, _STATUS),
            _coded(
                "referral",
                Column(name="at", type="DATE", means="the (first) day on which it was asked for"),
                Column(name="ended", type="DATE", means="the first day seen for it, where known"),
                Column(name="status", type="VARCHAR", means="waiting, seen, over or unknown"),
                Column(name="priority", type="VARCHAR", means="routine, urgent, asap or stat"),
                Column(name="booked", type="DATE", means="the last day booked for it, if any is"),
            ),
        )
    }
)


def schema_of(table: Table, only: Iterable[str] | None = None) -> Any:
    """The `pyarrow.Schema` of a table, or of `only` some columns. `person` is never blank."""
    names = table.names if only is None else tuple(only)
    columns = [column for column in table.columns if column.name in names]
    return pa.schema(
        [
            pa.field(column.name, _TYPES[column.type], nullable=column.name != "person")
            for column in columns
        ]
    )
