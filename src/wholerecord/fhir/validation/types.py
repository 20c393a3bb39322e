"""The types of FHIR R4 as the package ships them: elements, how many, of which types and codes.

Source: HL7's StructureDefinitions of 4.0.1 (CC0), made small by `benchmarks/fhir_definitions.py`.
"""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import msgspec


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element as JSON names it. `choice` is what it is one of: `value[x]`, or ""."""

    kind: str
    least: int
    many: bool
    codes: frozenset[str] | None
    choice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """A type's elements by JSON name; what it must have; and, for each choice, its names."""

    elements: Mapping[str, Element]
    required: tuple[tuple[str, tuple[str, ...]], ...]


class _Table(msgspec.Struct):
    types: dict[str, dict[str, str]]
    codes: list[list[str]]


@lru_cache(maxsize=1)
def _table() -> _Table:
    packed = (files("wholerecord.fhir.validation") / "r4.json.gz").read_bytes()
    return msgspec.json.decode(gzip.decompress(packed), type=_Table)


@lru_cache(maxsize=1024)
def type_of(name: str) -> Type | None:
    """The type of that name; None: R4 has none, or a primitive."""
    said = _table().types.get(name)
    if said is None:
        return None
    elements: dict[str, Element] = {}
    required: list[tuple[str, tuple[str, ...]]] = []
    for element, line in said.items():
        named = _named(element, line)
        elements |= named
        if line[0] != "0":
            required.append((element, tuple(named)))
    return Type(elements=elements, required=tuple(required))


def _named(element: str, line: str) -> dict[str, Element]:
    """An element by each name JSON has for it: one, or one for each type of a choice."""
    least, most, kinds, *codes = line.split(" ")
    is_choice = element.endswith("[x]")
    stem = element.removesuffix("[x]")
    return {
        (f"{stem}{kind[:1].upper()}{kind[1:]}" if is_choice else element): Element(
            kind=kind,
            least=int(least),
            many=most not in {"0", "1"},
            codes=_codes(int(codes[0][1:])) if codes else None,
            choice=element if is_choice else "",
        )
        for kind in (kinds.split("|") if is_choice else [kinds])
    }


@lru_cache(maxsize=512)
def _codes(number: int) -> frozenset[str]:
    return frozenset(_table().codes[number])
