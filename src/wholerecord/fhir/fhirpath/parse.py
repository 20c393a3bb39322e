"""An expression made into a function. Source: FHIRPath N1, grammar and operator precedence."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from wholerecord.fhir.fhirpath.functions import EACH, PLAIN, Part, Plain, is_kind, of_kind
from wholerecord.fhir.fhirpath.operators import BINDS, combined
from wholerecord.fhir.fhirpath.values import truth, under
from wholerecord.fhir.fhirpath.words import NotFhirPath, Word, words

#: An expression, ready: whether it is so of a value in a resource. Nothing said is not so.
Path = Callable[[Any, Any], bool]
#: The names of each choice of types: `value` → `valueString`, `valueQuantity` …
Choices = Mapping[str, frozenset[str]]
_UCUM = "http://unitsofmeasure.org"
_DEEPEST = 50


def compiled(expression: str, choices: Choices) -> Path:
    """The expression as a test.

    Raises:
        NotFhirPath: it cannot be read, or uses what is not known here.

    >>> unit = compiled("value.empty() or unit.exists()", {})
    >>> unit({"value": 1}, {}), unit({"value": 1, "unit": "g"}, {})
    (False, True)
    """
    part = Reader(expression, choices).whole()

    def path(value: Any, root: Any) -> bool:
        return truth(part([value], root)) is True

    return path


class Reader:
    """Reads one expression, word by word."""

    def __init__(self, expression: str, choices: Choices) -> None:
        self._words = list(words(expression))
        self._at = 0
        self._deep = 0
        self._choices = choices

    def whole(self) -> Part:
        """All of it."""
        part = self._expression(0)
        if self._here().sort != "end":
            raise NotFhirPath(f"Not expected: {self._here().says}")
        return part

    def _here(self) -> Word:
        return self._words[self._at]

    def _next(self) -> Word:
        word = self._here()
        self._at += word.sort != "end"
        return word

    def _skip(self, sign: str) -> bool:
        word = self._here()
        found = word.sort == "sign" and word.says == sign
        self._at += found
        return found

    def _must(self, sign: str) -> None:
        if not self._skip(sign):
            raise NotFhirPath(f"Expected {sign}, found {self._here().says or 'the end'}")

    def _expression(self, least: int) -> Part:
        self._deep += 1
        if self._deep > _DEEPEST:
            raise NotFhirPath("Deeper than is read.")
        left = self._term()
        while True:
            word = self._here()
            binds = BINDS.get(word.says, 0) if word.sort in {"sign", "name"} else 0
            if not binds or binds <= least or word.quoted:
                self._deep -= 1
                return left
            self._next()
            if word.says in {"is", "as"}:
                kind = self._kind()
                left = _called(left, is_kind(kind) if word.says == "is" else of_kind(kind), [])
            else:
                left = combined(word.says, left, self._expression(binds))

    def _kind(self) -> str:
        said = self._next().says
        while self._skip("."):
            said = f"{said}.{self._next().says}"
        return said

    def _term(self) -> Part:
        part = self._first()
        while True:
            if self._skip("."):
                part = self._step(part)
            elif self._skip("["):
                index = int(self._next().says)
                self._must("]")
                part = _called(part, lambda found, _, n=index: found[n : n + 1], [])
            else:
                return part

    def _first(self) -> Part:
        word = self._next()
        if word.sort == "text":
            return lambda _, __: [word.says]
        if word.sort == "number":
            number = Decimal(word.says) if "." in word.says else int(word.says)
            return lambda _, __: [number]
        if word.sort == "sign" and word.says == "(":
            part = self._expression(0)
            self._must(")")
            return part
        if word.sort == "sign" and word.says == "{":
            self._must("}")
            return lambda _, __: []
        if word.sort != "name":
            raise NotFhirPath(f"Not expected: {word.says or 'the end'}")
        return self._named(word)

    def _named(self, word: Word) -> Part:
        match word.says:
            case "$this":
                return _this
            case "%resource" | "%rootResource":
                return lambda _, root: [root]
            case "%ucum":
                return lambda _, __: [_UCUM]
            case "true" | "false":
                said = word.says == "true"
                return lambda _, __: [said]
            case name if name[:1] in "$%":
                raise NotFhirPath(f"Not known: {name}")
            case name if name[:1].isupper():  # the type it is about
                return _this
            case _:
                self._at -= 1
                return self._step(_this)

    def _step(self, part: Part) -> Part:
        word = self._next()
        if word.sort != "name":
            raise NotFhirPath(f"Expected a name, found {word.says or 'the end'}")
        if self._skip("("):
            return self._function(part, word.says)
        name, names = word.says, self._choices.get(word.says, frozenset[str]())
        if part is _this:
            return lambda this, _: under(this, name, names)
        return lambda this, root: under(part(this, root), name, names)

    def _function(self, part: Part, name: str) -> Part:
        if name in {"is", "as", "ofType"}:
            kind = self._kind()
            self._must(")")
            return _called(part, is_kind(kind) if name == "is" else of_kind(kind), [])
        given: list[Part] = []
        while not self._skip(")"):
            if given:
                self._must(",")
            given.append(self._expression(0))
        if name == "iif" and len(given) in {2, 3}:
            return _either(part, *given)
        if name in EACH and len(given) == 1:
            each, [criterion] = EACH[name], given
            return lambda this, root: each(part(this, root), criterion, root)
        if name not in PLAIN or PLAIN[name][1] != len(given):
            raise NotFhirPath(f"Not known: {name}() with {len(given)} arguments")
        return _called(part, PLAIN[name][0], given)


def _this(this: list[Any], _: Any) -> list[Any]:
    return this


def _called(part: Part, plain: Plain, given: list[Part]) -> Part:
    if not given:
        return lambda this, root: plain(part(this, root), ())
    return lambda this, root: plain(part(this, root), [one(this, root) for one in given])


def _either(part: Part, test: Part, then: Part, other: Part | None = None) -> Part:
    def either(this: list[Any], root: Any) -> list[Any]:
        found = part(this, root)
        if truth(test(found, root)):
            return then(found, root)
        return other(found, root) if other else []

    return either
