"""A view, and the paths in it, as values.

Source: HL7 SQL on FHIR v2, ViewDefinition, and its subset of FHIRPath.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from wholerecord.errors import Incorrect


class BadView(Incorrect):
    """The view cannot be understood: put right what is named."""


#: A value in a path: text (dates too), a whole number, another number, or truth.
Value: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it stands."""

    value: Value


@dataclass(frozen=True, slots=True)
class This:
    """`$this`: what the path is asked of."""


@dataclass(frozen=True, slots=True)
class RowIndex:
    """`%rowIndex`: the place of the element in its nearest `forEach`, from 0."""


@dataclass(frozen=True, slots=True)
class Step:
    """The element `name` of what `of` gives; of what the path is asked of when None."""

    of: "Path | None"
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function of what `of` gives; of what the path is asked of when None."""

    of: "Path | None"
    name: str
    given: tuple["Path", ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The element at place `n`, from 0."""

    of: "Path"
    n: int


@dataclass(frozen=True, slots=True)
class Binary:
    """`left` and `right`, joined by an operator."""

    by: str
    left: "Path"
    right: "Path"


Path: TypeAlias = Literal | This | RowIndex | Step | Call | Place | Binary


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: `type` is a FHIR type or "". `collection`: it holds a list."""

    name: str
    path: Path
    type: str = ""
    collection: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """Columns, and selects within, of each element that `each` or `repeat` gives.

    Its rows are every combination of a row of its columns, one of each select within, and one of
    any branch of `union`. `or_null`: where there is no element, one row with nothing in it.
    """

    columns: tuple[Column, ...] = ()
    within: tuple["Select", ...] = ()
    union: tuple["Select", ...] = ()
    each: Path | None = None
    or_null: bool = False
    repeat: tuple[Path, ...] = ()

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Its columns, then those of the selects within, then those of the union."""
        return (
            *self.columns,
            *(column for one in self.within for column in one.all_columns),
            *(self.union[0].all_columns if self.union else ()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Rows of every resource of a type for which every path of `where` is true."""

    resource: str
    select: Select
    where: tuple[Path, ...] = ()
    name: str = ""


def place_columns(select: Select) -> Iterator[str]:
    """The columns that say which element of a select's `forEach` or `repeat` a row is of."""
    for column in select.columns:
        if isinstance(column.path, RowIndex) and not column.collection:
            yield column.name
    for one in (*select.within, *select.union):
        if one.each is None and not one.repeat:
            yield from place_columns(one)
