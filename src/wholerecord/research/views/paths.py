"""The text of a path read into a `Path`: the subset of FHIRPath that views have.

Constants are put in as they are read. `value.ofType(Quantity)` is the element `valueQuantity`, and
`extension(url)` the extensions with that url, so that neither has a meaning of its own further on.
"""

import re
from collections.abc import Mapping

from wholerecord.research.views.view import (
    BadView,
    Binary,
    Call,
    Literal,
    Path,
    Place,
    RowIndex,
    Step,
    This,
    Value,
)

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<date>@T?[0-9][0-9T:.Z+-]*)|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<name>`[^`]+`|[A-Za-z_][A-Za-z0-9_]*)|(?P<this>\$this)|(?P<constant>%[A-Za-z_][\w-]*)"
    r"|(?P<mark><=|>=|!=|[=<>+*/().,\[\]{}|-]))"
)
#: Operators by how tightly they hold, loosest first.
_LEVELS = (("or",), ("and",), ("=", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/"))
#: Functions: least and most arguments.
FUNCTIONS = {
    "where": (1, 1),
    "exists": (0, 1),
    "empty": (0, 0),
    "extension": (1, 1),
    "join": (0, 1),
    "ofType": (1, 1),
    "first": (0, 0),
    "last": (0, 0),
    "count": (0, 0),
    "not": (0, 0),
    "getResourceKey": (0, 0),
    "getReferenceKey": (0, 1),
    "lowBoundary": (0, 0),
    "highBoundary": (0, 0),
}
_DEEPEST = 100


def read_path(text: str, constants: Mapping[str, Value]) -> Path:
    """The path that a text says.

    Raises:
        BadView: it is none, and where.
    """
    reader = _Reader(text, constants)
    path = reader.binary(0)
    reader.end()
    return path


class _Reader:
    def __init__(self, text: str, constants: Mapping[str, Value]) -> None:
        self._text, self._constants = text, constants
        self._tokens = list(self._cut(text))
        self._at = 0
        self._deep = 0

    def _cut(self, text: str) -> list[tuple[str, str, int]]:
        tokens: list[tuple[str, str, int]] = []
        at = 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise self._bad("this is no part of a path", at)
            tokens.append((match.lastgroup, match.group(match.lastgroup), at))
            at = match.end()
        return tokens

    def _bad(self, why: str, at: int | None = None) -> BadView:
        if at is None:
            at = self._tokens[self._at][2] if self._at < len(self._tokens) else len(self._text)
        return BadView(f"In the path {self._text[:80]!r}, at character {at + 1}: {why}.")

    def _next(self, *marks: str) -> str:
        """The next token, taken, where it is one of `marks`; otherwise ""."""
        if self._at < len(self._tokens):
            kind, said, _ = self._tokens[self._at]
            if said in marks and kind in {"mark", "name"}:
                self._at += 1
                return said
        return ""

    def _must(self, mark: str) -> None:
        if not self._next(mark):
            raise self._bad(f"{mark!r} is missing")

    def end(self) -> None:
        """Nothing is left.

        Raises:
            BadView: something is.
        """
        if self._at < len(self._tokens):
            raise self._bad("this is not expected here")

    def binary(self, level: int) -> Path:
        """Operators that hold as tightly as `level`, or more."""
        if level == len(_LEVELS):
            return self._unary()
        self._deep += 1
        if self._deep > _DEEPEST * len(_LEVELS):
            raise self._bad("this is nested too deeply")
        left = self.binary(level + 1)
        while by := self._next(*_LEVELS[level]):
            left = Binary(by, left, self.binary(level + 1))
        self._deep -= 1
        return left

    def _unary(self) -> Path:
        if self._next("-"):
            number = self._unary()
            if not isinstance(number, Literal) or isinstance(number.value, str | bool):
                raise self._bad("only a number can be negative")
            return Literal(-number.value)
        path = self._term()
        while True:
            if self._next("."):
                path = self._invoked(path)
            elif self._next("["):
                path = Place(path, self._whole())
                self._must("]")
            else:
                return path

    def _whole(self) -> int:
        kind, said, _ = self._tokens[self._at] if self._at < len(self._tokens) else ("", "", 0)
        if kind != "number" or "." in said:
            raise self._bad("a place is a whole number")
        self._at += 1
        return int(said)

    def _term(self) -> Path:
        if self._next("("):
            path = self.binary(0)
            self._must(")")
            return path
        kind, said, _ = self._tokens[self._at] if self._at < len(self._tokens) else ("", "", 0)
        match kind:
            case "text":
                path: Path = Literal(re.sub(r"\\(.)", r"\1", said[1:-1]))
            case "date":
                path = Literal(said[1:].removeprefix("T"))
            case "number":
                path = Literal(float(said) if "." in said else int(said))
            case "this":
                path = This()
            case "constant":
                path = self._constant(said[1:])
            case "name" if said in {"true", "false"}:
                path = Literal(said == "true")
            case "name":
                return self._invoked(None)
            case _:
                raise self._bad("a path is expected")
        self._at += 1
        return path

    def _constant(self, name: str) -> Path:
        if name == "rowIndex":
            return RowIndex()
        if name not in self._constants:
            raise self._bad(f"the constant %{name} is not defined")
        return Literal(self._constants[name])

    def _invoked(self, of: Path | None) -> Path:
        kind, said, _ = self._tokens[self._at] if self._at < len(self._tokens) else ("", "", 0)
        if kind == "this" and of is None:
            self._at += 1
            return This()
        if kind != "name":
            raise self._bad("a name is expected")
        self._at += 1
        if not self._next("("):
            return Step(of, said.strip("`"))
        given: list[Path] = []
        if not self._next(")"):
            given.append(self.binary(0))
            while self._next(","):
                given.append(self.binary(0))
            self._must(")")
        return self._called(of, said, tuple(given))

    def _called(self, of: Path | None, name: str, given: tuple[Path, ...]) -> Path:
        if name not in FUNCTIONS:
            raise self._bad(f"the function {name}() is not known here")
        least, most = FUNCTIONS[name]
        if not least <= len(given) <= most:
            raise self._bad(f"{name}() takes {least} to {most} arguments")
        if name == "ofType":
            kind = given[0]
            if not (isinstance(of, Step) and isinstance(kind, Step) and kind.of is None):
                raise self._bad("ofType() follows an element of several types and names one")
            return Step(of.of, of.name + kind.name[:1].upper() + kind.name[1:])
        if name == "extension":
            return Call(Step(of, "extension"), "where", (Binary("=", Step(None, "url"), given[0]),))
        if name == "exists" and given:
            return Call(Call(of, "where", given), "exists", ())
        if name == "getReferenceKey" and given:
            kind = given[0]
            if not (isinstance(kind, Step) and kind.of is None):
                raise self._bad("getReferenceKey() names a type of resource")
            return Call(of, name, (Literal(kind.name),))
        if name == "join" and given and not _is_text(given[0]):
            raise self._bad("join() takes a text")
        return Call(of, name, given)


def _is_text(path: Path) -> bool:
    return isinstance(path, Literal) and isinstance(path.value, str)
