"""The types of FHIR R4 as the package ships them: elements, how many, of which types and codes.

Source: HL7's StructureDefinitions of 4.0.1 (CC0), made small by `benchmarks/fhir_definitions.py`.
"""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import msgspec

from wholerecord.fhir.fhirpath import Path, compiled
from wholerecord.fhir.validation.by_hand import BY_HAND


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An invariant: its key in the standard, whether it only warns, and what must be so."""

    key: str
    warns: bool
    holds: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element as JSON names it. `choice` is what it is one of: `value[x]`, or "".

    `codes` are those of a `code`, `pairs` (`system|code`) those of a CodeableConcept, `targets`
    the types a Reference may be to: None and empty, any.
    """

    kind: str
    least: int
    many: bool
    codes: frozenset[str] | None
    pairs: frozenset[str] | None
    targets: frozenset[str]
    choice: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """A type's elements by JSON name; what it must have; and, for each choice, its names."""

    elements: Mapping[str, Element]
    required: tuple[tuple[str, tuple[str, ...]], ...]
    rules: tuple[Rule, ...]

    @property
    def is_resource(self) -> bool:
        """Whether it is a resource, and not a part of one."""
        return "meta" in self.elements


class _Table(msgspec.Struct):
    types: dict[str, dict[str, str]]
    codes: list[list[str]]
    rules: dict[str, list[tuple[str, str, str]]]


@lru_cache(maxsize=1)
def _table() -> _Table:
    packed = (files("wholerecord.fhir.validation") / "r4.json.gz").read_bytes()
    return msgspec.json.decode(gzip.decompress(packed), type=_Table)


@lru_cache(maxsize=1)
def choices() -> Mapping[str, frozenset[str]]:
    """The names of each choice there is in any type: `value` → `valueString` and all others."""
    found: dict[str, set[str]] = {}
    for elements in _table().types.values():
        for element, line in elements.items():
            if element.endswith("[x]"):
                found.setdefault(element[:-3], set()).update(_names(element, line))
    return {stem: frozenset(names) for stem, names in found.items()}


@lru_cache(maxsize=1024)
def type_of(name: str) -> Type | None:
    """The type of that name; None: R4 has none, or a primitive."""
    said = _table().types.get(name)
    if said is None:
        return None
    elements: dict[str, Element] = {}
    required: list[tuple[str, tuple[str, ...]]] = []
    for element, line in said.items():
        named = _named(name, element, line)
        elements |= named
        if line[0] != "0":
            required.append((element, tuple(named)))
    return Type(elements=elements, required=tuple(required), rules=rules_of(name))


def paths_with_rules() -> Sequence[str]:
    """The types and elements that have invariants."""
    return tuple(_table().rules)


def rules_of(path: str) -> tuple[Rule, ...]:
    """The invariants of a type or an element."""
    return tuple(
        Rule(key=key, warns=severity != "error", holds=compiled(expression, choices()))
        for key, severity, expression in _table().rules.get(path, ())
    ) + tuple(
        Rule(key=key, warns=False, holds=lambda value, _, holds=holds: holds(value))
        for key, holds in BY_HAND.get(path, ())
    )


def _names(element: str, line: str) -> Sequence[str]:
    """Each name JSON has for an element: one, or one for each type of a choice."""
    if not element.endswith("[x]"):
        return [element]
    kinds = (kind.partition(">")[0] for kind in line.split(" ")[2].split("|"))
    return [f"{element[:-3]}{kind[:1].upper()}{kind[1:]}" for kind in kinds]


def _named(within: str, element: str, line: str) -> dict[str, Element]:
    """An element by each name JSON has for it."""
    least, most, kinds, *bound = line.split(" ")
    is_choice = element.endswith("[x]")
    number = int(bound[0][1:]) if bound else -1
    path = f"{within}.{element}"
    rules = () if path in _table().types else rules_of(path)
    found: dict[str, Element] = {}
    for name, kind in zip(
        _names(element, line), kinds.split("|") if is_choice else [kinds], strict=True
    ):
        kind, _, targets = kind.partition(">")  # noqa: PLW2901 - its two parts
        found[name] = Element(
            kind=kind,
            least=int(least),
            many=most not in {"0", "1"},
            codes=_codes(number) if bound and bound[0][0] == "@" else None,
            pairs=_codes(number) if bound and bound[0][0] == "#" else None,
            targets=frozenset(targets.split(",")) if targets else frozenset(),
            choice=element if is_choice else "",
            rules=rules,
        )
    return found


@lru_cache(maxsize=512)
def _codes(number: int) -> frozenset[str]:
    return frozenset(_table().codes[number])
