"""Where in a resource an expression leads, for whoever changes what is there.

Source: FHIR R4, fhirpatch.html: "the FHIRPath statement SHALL return a single element". Of FHIRPath
a path has here the names of elements, `[n]`, `where()`, `first()`, `last()`, `single()`,
`extension()` and `ofType()`; a criterion may use what looks at each thing once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from wholerecord.fhir.fhirpath.functions import Part
from wholerecord.fhir.fhirpath.parse import Choices, Reader
from wholerecord.fhir.fhirpath.values import Json, kind_is, truth
from wholerecord.fhir.fhirpath.words import NotFhirPath

#: Functions of a criterion: those with patterns or that look everywhere cost more than a path may.
_CRITERIA = frozenset(
    {"where", "exists", "empty", "not", "all", "count", "first", "startsWith", "contains", "is"}
)
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Spot:
    """One place: the object it stands in, by which name, and where in its list (None: in none).

    The whole resource is a spot in nothing: `holder` None.
    """

    holder: Json | None
    name: str
    at: int | None
    value: Any


_Step = Callable[[list[Spot], Any], list[Spot]]


def places(expression: str, choices: Choices) -> Callable[[Json], list[Spot]]:
    """The expression as a function from a resource to the spots it leads to.

    Raises:
        NotFhirPath: it cannot be read, or is no path to an element.
    """
    if len(expression) > _LONGEST:
        raise NotFhirPath("A path is longer than is read.")
    steps = _Places(expression, choices).steps()

    def lead(resource: Json) -> list[Spot]:
        found = [Spot(None, "", None, resource)]
        for step in steps:
            found = step(found, resource)
        return found

    return lead


class _Places(Reader):
    """Reads a path, step by step."""

    def steps(self) -> Sequence[_Step]:
        word = self._next()
        if word.sort != "name":
            raise NotFhirPath("A path begins with a type or an element.")
        first: list[_Step] = []
        if word.says[:1].isupper():
            first = [lambda found, _: [one for one in found if kind_is(one.value, word.says)]]
        elif word.says != "$this":
            self._at -= 1
            first = [self._one()]
        while self._here().sort != "end":
            if self._skip("."):
                first.append(self._one())
            elif self._skip("["):
                first.append(_nth(self._whole()))
                self._must("]")
            else:
                raise NotFhirPath(f"Not expected: {self._here().says}")
        return first

    def _whole(self) -> int:
        word = self._next()
        if word.sort != "number" or not word.says.isdecimal() or len(word.says) > 9:
            raise NotFhirPath("An index is a whole number.")
        return int(word.says)

    def _one(self) -> _Step:
        word = self._next()
        if word.sort != "name" or word.says[:1] in "$%":
            raise NotFhirPath("Expected the name of an element.")
        if not self._skip("("):
            names = self._choices.get(word.says, frozenset[str]())
            return lambda found, _: [
                spot for one in found for spot in _named(one, word.says, names)
            ]
        step = self._of_function(word.says)
        self._must(")")
        return step

    def _of_function(self, name: str) -> _Step:
        match name:
            case "where":
                return _where(self._expression(0))
            case "ofType":
                kind = self._kind()
                return lambda found, _: [one for one in found if kind_is(one.value, kind)]
            case "extension":
                url = self._next()
                return lambda found, _: [
                    spot
                    for one in found
                    for spot in _named(one, "extension", frozenset())
                    if _url(spot.value) == url.says
                ]
            case "first":
                return lambda found, _: found[:1]
            case "last":
                return lambda found, _: found[-1:]
            case "single":
                return lambda found, _: found
            case _:
                raise NotFhirPath(f"Not known in a path: {name}()")

    def _function(self, part: Part, name: str) -> Part:
        if name not in _CRITERIA | {"as", "ofType"}:
            raise NotFhirPath(f"Not known in a path: {name}()")
        return super()._function(part, name)


def _url(value: Any) -> Any:
    return cast(Json, value).get("url") if isinstance(value, dict) else None


def _where(criterion: Part) -> _Step:
    return lambda found, root: [one for one in found if truth(criterion([one.value], root))]


def _nth(index: int) -> _Step:
    return lambda found, _: found[index : index + 1]


def _named(within: Spot, name: str, names: frozenset[str]) -> list[Spot]:
    """The spots of an element, or of each part of one that repeats."""
    value: Any = within.value
    if not isinstance(value, dict):
        return []
    whole = cast(Json, value)
    there = name if name in whole else next((one for one in whole if one in names), None)
    if there is None:
        return []
    said = whole[there]
    if not isinstance(said, list):
        return [Spot(whole, there, None, said)]
    return [Spot(whole, there, at, one) for at, one in enumerate(cast(list[Any], said))]
