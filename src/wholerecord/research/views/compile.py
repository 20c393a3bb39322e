"""A view compiled to one typed query, for DuckDB or for Spark, from one plan.

A select becomes an expression that gives a list of rows, each a struct of its columns; what is
nothing but columns of the resource itself is projected directly. So the query has one table, no
join, and no value is looked up by name at run time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlglot import exp

from wholerecord.research.views.shapes import SQL, Shape, pruned
from wholerecord.research.views.typed import Paths
from wholerecord.research.views.values import Asked, Typed, as_kind
from wholerecord.research.views.view import (
    BadView,
    Binary,
    Call,
    Column,
    Path,
    Place,
    RowIndex,
    Select,
    Step,
    View,
    place_columns,
)
from wholerecord.research.views.words import DUCKDB, Sql, Words, Writer, cast, when

#: Elements that functions read without a path naming them.
_ALWAYS = frozenset({"id", "reference", "resourceType"})
_DECLARED = {
    "boolean": "truth",
    "integer": "whole",
    "positiveInt": "whole",
    "unsignedInt": "whole",
    "integer64": "whole",
    "decimal": "number",
}


def compile_view(
    view: View, shape: Shape, *, table: str, words: Words = DUCKDB, held: bool = False
) -> str:
    """The query, over `table` with the resources of the view's type in its JSON column `body`.

    Where they are `held`, it has them as structs of the whole `shape` in its column `r` instead.
    Its columns are the view's, in their order. `shape` is what those resources have.

    Raises:
        BadView: a path has no meaning for these resources: a condition that is not true or false,
            a column that is a whole element.
    """
    used = pruned(shape, {*_ALWAYS, *(name for path in _paths(view) for name in _names(path))})
    first = _Compiler(words, {})
    first.query(view, used, table, held=held)
    kinds = {name: _common(name, found) for name, found in first.seen.items()}
    query = _Compiler(words, kinds).query(view, used, table, held=held)
    return query.sql(dialect=words.dialect)


def _common(name: str, kinds: set[str]) -> str:
    """The kind of a column that several branches fill."""
    kinds = kinds - {"nothing"} or {"nothing"}
    if kinds == {"whole", "number"}:
        return "number"
    if len(kinds) > 1:
        raise BadView(f"The column {name!r} is of more than one type.")
    return next(iter(kinds))


class _Compiler:
    def __init__(self, words: Words, kinds: dict[str, str]) -> None:
        self.w = Writer(words)
        self.paths = Paths(self.w)
        self.kinds = kinds
        self.seen: defaultdict[str, set[str]] = defaultdict(set)

    def query(self, view: View, shape: Shape, table: str, *, held: bool) -> exp.Query:
        root = Typed(exp.column("r"), shape)
        at = Asked(root, exp.Literal.number(0), view.resource)
        read = exp.column("r")
        if not held:
            read = exp.alias_(self.w.read(exp.column("body"), shape), "r")
        kept = exp.select("r").from_("typed")
        for path in view.where:
            kept = kept.where(self.paths.truth(path, at))
        flat = [one for one in view.select.within if _is_flat(one)]
        rest = [one for one in view.select.within if not _is_flat(one)]
        own = {c.name: self._column(c, at) for one in flat for c in one.columns}
        made = exp.select(*(exp.alias_(sql, name, quoted=True) for name, sql in own.items()))
        if rest:
            rows = self._rows(Select(within=tuple(rest)), at)
            made = made.select(exp.alias_(self.w.call(self.w.words.unnest, rows), "m"))
        names = [column.name for column in view.select.all_columns]
        columns = (exp.alias_(self._out(name, own), name, quoted=True) for name in names)
        return (
            exp.select(*columns)
            .from_("made")
            .with_("typed", as_=exp.select(read).from_(exp.to_table(table)))
            .with_("kept", as_=kept)
            .with_("made", as_=made.from_("kept"))
        )

    def _out(self, name: str, own: Collection[str]) -> Sql:
        column = exp.column(exp.to_identifier(name, quoted=True))
        return column if name in own else self.w.field(exp.column("m"), name)

    def _column(self, column: Column, at: Asked) -> Sql:
        if at.index is None and isinstance(column.path, RowIndex) and not column.collection:
            self.seen[column.name].add("whole")  # put in when all rows of a repeat are there
            return cast(exp.Literal.number(0), SQL[self.kinds.get(column.name, "whole")])
        found = self.paths.find(column.path, at)
        if found.shape.kind == "element":
            raise BadView(f"The column {column.name!r} takes values, not a whole element.")
        if column.collection:
            found = self.paths.listed(found)
        else:
            found = self.paths.one(found, column.name)
        kind = found.shape.kind
        if kind == "nothing":
            kind = _DECLARED.get(column.type, "nothing")
        self.seen[column.name].add(kind)
        return as_kind(found, self.kinds.get(column.name, kind))

    def _rows(self, select: Select, at: Asked) -> Sql:
        """A list of structs."""
        if select.repeat:
            numbered = frozenset(place_columns(select))
            rows = self._repeated(select, at, apart=bool(numbered))
            return self._with_numbers(select, rows, numbered) if numbered else rows
        if select.each is None:
            return self._row(select, at)
        items = self.paths.listed(self.paths.find(select.each, at))
        shape = Shape(items.shape.kind, fields=items.shape.fields)
        if shape.kind == "nothing":
            self._row(select, Asked(Typed(exp.null(), shape), exp.Literal.number(0)))
            return self._nobody(select)
        w = self.w
        if _has_one_row(select):
            rows = w.numbered(
                items.sql, lambda one, n: self._struct(select, Asked(Typed(one, shape), n))
            )
        else:
            rows = w.flat(
                w.numbered(items.sql, lambda one, n: self._row(select, Asked(Typed(one, shape), n)))
            )
        if not select.or_null:
            return rows
        none = exp.EQ(this=w.size(items.sql), expression=exp.Literal.number(0))
        return when(none, self._nobody(select), rows)

    def _repeated(self, select: Select, at: Asked, *, apart: bool) -> Sql:
        """Of each element its rows, then those of the elements below it, as deep as any goes.

        `apart`: a list of lists, the rows of each element by themselves.
        """
        w = self.w
        lists: list[Sql] = []
        for path in select.repeat:
            items = self.paths.listed(self.paths.find(path, at))
            shape = Shape(items.shape.kind, fields=items.shape.fields)
            if shape.kind == "nothing":
                self._row(select, Asked(Typed(exp.null(), shape), None))
                continue

            def below(one: Sql, shape: Shape = shape) -> Sql:
                place = Asked(Typed(one, shape), None)
                rows = self._row(select, place)
                own = exp.Array(expressions=[rows]) if apart else rows
                return w.call(w.words.concat, own, self._repeated(select, place, apart=apart))

            lists.append(w.flat(w.each(items.sql, below)))
        if not lists:
            return cast(exp.Array(expressions=[]), self._type(select) + ("[]" if apart else ""))
        return lists[0] if len(lists) == 1 else w.call(w.words.concat, *lists)

    def _with_numbers(self, select: Select, rows: Sql, numbered: frozenset[str]) -> Sql:
        """The rows of a repeat, with the place of each one's element where it was asked for."""
        w = self.w

        def filled(row: Sql, n: Sql) -> Sql:
            said: dict[str, Sql] = {}
            for column in select.all_columns:
                place = column.name in numbered
                said[column.name] = (
                    cast(n, self._column_type(column)) if place else w.field(row, column.name)
                )
            return w.struct(said)

        return w.flat(w.numbered(rows, lambda some, n: w.each(some, lambda row: filled(row, n))))

    def _struct(self, select: Select, at: Asked) -> Sql:
        """The columns of a select that has nothing else."""
        return self.w.struct({column.name: self._column(column, at) for column in select.columns})

    def _row(self, select: Select, at: Asked) -> Sql:
        """Every combination of the columns with a row of each part."""
        own = {column.name: self._column(column, at) for column in select.columns}
        parts = [(one.all_columns, self._rows(one, at)) for one in select.within]
        if select.union:
            branches = [self._rows(one, at) for one in select.union]
            joined = (
                branches[0] if len(branches) == 1 else self.w.call(self.w.words.concat, *branches)
            )
            parts.append((select.union[0].all_columns, joined))
        return self._combined(own, parts)

    def _combined(self, fields: dict[str, Sql], parts: list[tuple[tuple[Column, ...], Sql]]) -> Sql:
        if not parts:
            return exp.Array(expressions=[self.w.struct(fields)])
        (columns, rows), later = parts[0], parts[1:]
        if not (fields or later):
            return rows

        def both(row: Sql) -> dict[str, Sql]:
            return fields | {column.name: self.w.field(row, column.name) for column in columns}

        if not later:
            return self.w.each(rows, lambda row: self.w.struct(both(row)))
        return self.w.flat(self.w.each(rows, lambda row: self._combined(both(row), later)))

    def _nobody(self, select: Select) -> Sql:
        """No row; or, where null is asked for, one with nothing in it."""
        if not select.or_null:
            return cast(exp.Array(expressions=[]), self._type(select))
        first = frozenset(place_columns(select))
        nothing: dict[str, Sql] = {
            column.name: cast(
                exp.Literal.number(0) if column.name in first else exp.null(),
                self._column_type(column),
            )
            for column in select.all_columns
        }
        return exp.Array(expressions=[self.w.struct(nothing)])

    def _column_type(self, column: Column) -> str:
        kind = self.kinds.get(column.name, "nothing")
        return SQL[kind] + ("[]" if column.collection else "")

    def _type(self, select: Select) -> str:
        fields = (f'"{one.name}" {self._column_type(one)}' for one in select.all_columns)
        return f"STRUCT({', '.join(fields)})[]"


def _has_one_row(select: Select) -> bool:
    """Whether it gives one row of each element."""
    return not (select.within or select.union)


def _is_flat(select: Select) -> bool:
    return select.each is None and not select.repeat and _has_one_row(select)


def _paths(view: View) -> Iterator[Path]:
    yield from view.where
    yield from _paths_of(view.select)


def _paths_of(select: Select) -> Iterator[Path]:
    yield from (column.path for column in select.columns)
    yield from select.repeat
    if select.each is not None:
        yield select.each
    for one in (*select.within, *select.union):
        yield from _paths_of(one)


def _names(path: Path) -> Iterator[str]:
    match path:
        case Step(of, name):
            yield name
            if of is not None:
                yield from _names(of)
        case Call(of, _, given):
            for one in (*given, *([] if of is None else [of])):
                yield from _names(one)
        case Place(of, _):
            yield from _names(of)
        case Binary(_, left, right):
            yield from _names(left)
            yield from _names(right)
        case _:
            return
