"""A study's file, read without running it: Python's grammar, a few of its words, none of its reach.

The file is parsed, never executed. What is not listed here does not exist in a study: no import, no
loop, no function, no attribute but those of the tables. So a study cannot open a file or a socket,
go on for ever, or see anybody's record: it can only say what is to be counted.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wholerecord.errors import Incorrect
from wholerecord.research.study.codelist import CodeList
from wholerecord.research.study.kinds import check, kind_of
from wholerecord.research.study.nodes import (
    NODES,
    Among,
    Both,
    Cell,
    Compare,
    Either,
    Expression,
    Not,
    Rows,
    Shift,
    Study,
    StudyWrong,
)
from wholerecord.research.study.size import MOST, size
from wholerecord.research.study.values import as_expression, texts_of
from wholerecord.research.study.words import (
    METHODS,
    WORDS,
    Interval,
    Period,
    Person,
    Picked,
    RowWord,
    Said,
)
from wholerecord.research.tables import TABLES

#: Bytes of a study's file, nodes of its grammar, and how deep they may stand in one another.
_LONGEST, _MOST_NODES, _DEEPEST = 64_000, 5_000, 40
_SIGNS: Mapping[type[ast.cmpop], Any] = {
    ast.Eq: "=",
    ast.NotEq: "<>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
#: Reads a code list that stands beside the study: its name → its bytes, or StudyWrong.
ReadList = Callable[[str], bytes]


def read_study(raw: bytes, read_list: ReadList) -> Study:
    """The study that a file describes, checked.

    Raises:
        StudyWrong: it cannot be read or makes no sense; the message names the line and the remedy.
    """
    if len(raw) > _LONGEST:
        raise StudyWrong(f"The file is longer than {_LONGEST} bytes.")
    tree = _parse(raw)
    reader = _Reader(read_list=read_list)
    for statement in tree.body:
        reader.take(statement)
    if reader.said.title is None or reader.said.people is None:
        raise StudyWrong("Nothing says who is in it: add `study(title, people=…)`.")
    read = Study(
        title=reader.said.title,
        people=reader.said.people,
        tables=tuple(reader.said.tables),
        measures=tuple(reader.said.measures),
        features=tuple(reader.said.features),
    )
    check(read)
    return read


def _parse(raw: bytes) -> ast.Module:
    try:
        tree = ast.parse(raw)
    except SyntaxError as error:
        raise StudyWrong(f"Line {error.lineno or 1}: this is not Python: {error.msg}.") from None
    except (ValueError, RecursionError, MemoryError):
        raise StudyWrong("The file is not Python that a study may be written in.") from None
    layer: list[ast.AST] = [tree]
    seen = 0
    for depth in range(_DEEPEST + 1):
        seen += len(layer)
        if seen > _MOST_NODES:
            raise StudyWrong(f"The file says too much: more than {_MOST_NODES} parts.")
        layer = [part for node in layer for part in ast.iter_child_nodes(node)]
        if not layer:
            return tree
        if depth == _DEEPEST:
            break
    line = next((node.lineno for node in layer if isinstance(node, ast.expr)), 1)
    raise StudyWrong(f"Line {line}: it is nested too deep: give a part of it a name.")


@dataclass(slots=True)
class _Reader:
    """What has been read so far: the names given, and what is asked for."""

    read_list: ReadList
    names: dict[str, Any] = field(default_factory=dict[str, Any])
    said: Said = field(default_factory=Said)

    def take(self, statement: ast.stmt) -> None:
        """Read one statement: a name for something, or a call that says what is asked for."""
        try:
            match statement:
                case ast.Expr(ast.Constant(str())):
                    return
                case ast.Expr(ast.Call() as call):
                    self.value(call)
                case ast.Assign([ast.Name(name)], value):
                    if name in WORDS or name in TABLES:
                        raise StudyWrong(f"`{name}` is a word of the language: use another.")
                    self.names[name] = self.value(value)
                case _:
                    raise StudyWrong(f"{_called(statement)} cannot be used in a study.")
        except Incorrect as error:
            if str(error).startswith(f"{StudyWrong.__doc__} Line "):
                raise
            detail = str(error).removeprefix(f"{StudyWrong.__doc__} ")
            raise StudyWrong(f"Line {statement.lineno}: {detail}") from None

    def value(self, node: ast.expr) -> Any:
        """What an expression of the file stands for."""
        found = self._value(node)
        if isinstance(found, NODES) and size(found) > MOST:
            raise StudyWrong("It says too much at once: ask for less.")
        return found

    def _value(self, node: ast.expr) -> Any:  # noqa: C901 - a line for each word of the grammar
        match node:
            case ast.Constant(bool() | int() | float() | str() as value):
                return value
            case ast.Name(name):
                return self._named(name)
            case ast.Attribute(of, name):
                return _attribute(self.value(of), name)
            case ast.List(values) | ast.Tuple(values):
                return tuple(self.value(each) for each in values)
            case ast.Call(ast.Attribute(of, method), given, named):
                return _method(self.value(of), method)(*self._given(given), **self._named_by(named))
            case ast.Call(ast.Name(word), given, named):
                return self._call(word, self._given(given), self._named_by(named))
            case ast.BoolOp(sign, values):
                parts = [as_expression(self.value(each)) for each in values]
                return _chained(Both if isinstance(sign, ast.And) else Either, parts)
            case ast.UnaryOp(ast.Not(), part):
                return Not(as_expression(self.value(part)))
            case ast.UnaryOp(ast.USub(), ast.Constant(int() | float() as number)):
                return -number
            case ast.BinOp(left, ast.Add() | ast.Sub() as sign, right):
                return _moved(self.value(left), self.value(right), back=isinstance(sign, ast.Sub))
            case ast.Compare(left, signs, rights):
                return self._compared(left, signs, rights)
            case _:
                raise StudyWrong(f"{_called(node)} cannot be used in a study.")

    def _named(self, name: str) -> Any:
        if name in self.names:
            return self.names[name]
        if name in TABLES and name != "person":
            return Rows(name)
        match name:
            case "person":
                return Person()
            case "row":
                return RowWord()
            case "interval":
                return Interval()
            case _:
                raise StudyWrong(f"Nothing is called `{name}` here.")

    def _given(self, given: Sequence[ast.expr]) -> list[Any]:
        return [self.value(each) for each in given]

    def _named_by(self, named: Sequence[ast.keyword]) -> dict[str, Any]:
        if any(each.arg is None for each in named):
            raise StudyWrong("`**` cannot be used in a study.")
        return {str(each.arg): self.value(each.value) for each in named}

    def _call(self, word: str, given: list[Any], named: dict[str, Any]) -> Any:
        found = WORDS.get(word)
        if found is None:
            raise StudyWrong(f"There is no `{word}(…)` in a study: it has {', '.join(WORDS)}.")
        try:
            return found(self, *given, **named)
        except TypeError:
            raise StudyWrong(f"`{word}(…)` is not given like this: see how it is used.") from None

    def _compared(
        self, left: ast.expr, signs: Sequence[ast.cmpop], rights: Sequence[ast.expr]
    ) -> Expression:
        one = self.value(left)
        parts: list[Expression] = []
        for sign, right in zip(signs, rights, strict=True):
            other = self.value(right)
            parts.append(_compare(one, sign, other))
            one = other
        return _chained(Both, parts)


def _compare(one: Any, sign: ast.cmpop, other: Any) -> Expression:
    if isinstance(sign, ast.In | ast.NotIn):
        if isinstance(other, CodeList):
            values = other.codes
        elif (texts := texts_of(other)) is not None:
            values = frozenset(texts)
        else:
            raise StudyWrong("`in` needs a code list or a list of texts.")
        among = Among(as_expression(one), values)
        return Not(among) if isinstance(sign, ast.NotIn) else among
    if type(sign) not in _SIGNS:
        raise StudyWrong("`is` cannot be used in a study: use `==`, or `known(…)`.")
    return Compare(_SIGNS[type(sign)], as_expression(one), as_expression(other))


def _chained(
    join: Callable[[Expression, Expression], Expression], parts: Sequence[Expression]
) -> Expression:
    """The parts joined, as flat as may be."""
    while len(parts) > 1:
        pairs = [
            join(*parts[n : n + 2]) if n + 1 < len(parts) else parts[n]
            for n in range(0, len(parts), 2)
        ]
        parts = pairs
    return parts[0]


def _moved(day: Any, by: Any, *, back: bool) -> Expression:
    if not isinstance(by, Period):
        raise StudyWrong("Only days are added and taken away: `day + days(90)`.")
    said = as_expression(day)
    shift = -by.days if back else by.days
    return Shift(said.day, said.days + shift) if isinstance(said, Shift) else Shift(said, shift)


def _attribute(of: Any, name: str) -> Expression:
    match of:
        case Person() | RowWord() | Interval() | Picked():
            found = of.column(name)
        case Rows():
            raise StudyWrong(f"`.{name}` is not a column of rows: pick one with `.last()`.")
        case _:
            raise StudyWrong(f"Nothing here has a `.{name}`.")
    if isinstance(found, Cell):
        return found  # which table's is known where it stands
    kind_of(found, interval=True)
    return found


def _method(of: Any, name: str) -> Callable[..., Any]:
    if not isinstance(of, Rows):
        raise StudyWrong(f"Nothing here has a `.{name}(…)`.")
    found = METHODS.get(name)
    if found is None:
        raise StudyWrong(f"Rows have no `.{name}(…)`: they have {', '.join(METHODS)}.")

    def call(*given: Any, **named: Any) -> Any:
        try:
            return found(of, *given, **named)
        except TypeError:
            raise StudyWrong(f"`.{name}(…)` is not given like this.") from None

    return call


def _called(node: ast.AST) -> str:
    return f"`{type(node).__name__.lower()}`"
